/**
 * The classifier that needs no language model: embed the message, rank the capabilities, decide. The message alone
 * decides; the history is part of the request because the window and the stay filter over it come into this place.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { Thresholds } from "@lmos/ranking";
import { withoutCourtesy } from "./courtesy.ts";
import { toDecision } from "./decision.ts";
import { RouterError } from "./errors.ts";
import { scoredText } from "./message-text.ts";
import type { Classifier } from "./model.ts";
import type { RouterIndex } from "./router-index.ts";

/**
 * A classifier over one index. Its `classify` never refuses a message: what cannot be read is decided as "none". It
 * rejects with what the embedding model throws, and with a RankingError when the model gives a vector that is not
 * finite.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another model.
 */
export function createVectorClassifier(options: {
  readonly index: RouterIndex;
  readonly embedding: EmbeddingModel;
  /** In place of those that the index learnt, for example calibrated ones. */
  readonly thresholds?: Partial<Thresholds> | undefined;
}): Classifier {
  const { index, embedding } = options;
  const thresholds = { ...index.head.thresholds, ...options.thresholds };
  if (index.modelId !== embedding.id) {
    const reason = `index built with ${index.modelId}, messages embedded with ${embedding.id}`;
    throw new RouterError("ModelMismatch", reason);
  }
  return {
    classify: async ({ message }, { signal }) => {
      const text = index.spelling.repair(withoutCourtesy(scoredText(message)));
      const [vector = new Float32Array(embedding.dimension)] = await embedding.embed([text], { signal });
      const ranking = index.head.rank({ text, vector });
      const isEmpty = vector.every((value) => value === 0);
      const coverage = isEmpty ? 0 : index.coverage.of(text);
      return toDecision(index.agents, { ranking, thresholds, coverage });
    },
  };
}
