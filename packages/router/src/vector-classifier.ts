/**
 * The classifier that needs no language model: embed the message, rank the capabilities, decide. With a history,
 * the message is read as the next of its conversation.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { type RankedTurn, type Ranking, rankInConversation, type Thresholds } from "@lmos/ranking";
import { countedHistory, type Exchange, inTurn, withFollowUp } from "./conversation.ts";
import { withoutCourtesy } from "./courtesy.ts";
import { type RankedMessage, toDecision } from "./decision.ts";
import { RouterError } from "./errors.ts";
import { scoredText } from "./message-text.ts";
import type { Classifier, ClassifyRequest } from "./model.ts";
import { readingsOf } from "./readings.ts";
import type { RouterIndex } from "./router-index.ts";
import { bondOf } from "./topic-change.ts";
import { wordsOf } from "./words.ts";

/**
 * A classifier over one index. Its `classify` never refuses a message: what cannot be read is decided as "none". It
 * rejects with what the embedding model throws, and with a RankingError when the model gives a vector that is not
 * finite.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another model.
 */
export function createVectorClassifier(options: VectorClassifierOptions): Classifier {
  const rankMessage = createMessageRanker(options);
  const decidedFor = { agents: options.index.agents, language: options.language };
  return {
    classify: async (request, call) => toDecision(decidedFor, await rankMessage(request, call)),
  };
}

/** What decides by vectors. */
export interface VectorClassifierOptions {
  readonly index: RouterIndex;
  readonly embedding: EmbeddingModel;
  /** In place of those that the index learnt, for example calibrated ones. */
  readonly thresholds?: { readonly [Name in keyof Thresholds]?: number | undefined } | undefined;
  /** Language tag of the questions to the user, such as `de`; English unless given. */
  readonly language?: string | undefined;
}

/** Ranks a message, alone or in its conversation, ready to be decided about. */
export type MessageRanker = (
  request: ClassifyRequest,
  options: { readonly signal: AbortSignal },
) => Promise<RankedMessage>;

/**
 * The part of the classifier before the decision.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another model.
 */
export function createMessageRanker(options: VectorClassifierOptions): MessageRanker {
  const { index, embedding } = options;
  const learnt = index.head.thresholds;
  const thresholds = {
    energy: options.thresholds?.energy ?? learnt.energy,
    margin: options.thresholds?.margin ?? learnt.margin,
  };
  if (index.modelId !== embedding.id) {
    const reason = `index built with ${index.modelId}, messages embedded with ${embedding.id}`;
    throw new RouterError("ModelMismatch", reason);
  }
  const rank = async (message: string, signal: AbortSignal): Promise<ReadMessage> => {
    const text = index.spelling.repair(withoutCourtesy(scoredText(message)));
    const [vector = new Float32Array(embedding.dimension)] = await embedding.embed([text], { signal });
    return {
      text,
      ranking: index.head.rank({ text, vector }),
      isEmpty: vector.every((value) => value === 0),
    };
  };
  /** The reading that resembles the catalogue most. */
  const rankReadings = async (message: string, signal: AbortSignal): Promise<Ranking> => {
    const read = await Promise.all(readingsOf(message).map((reading) => rank(reading, signal)));
    return read.map(({ ranking }) => ranking).reduce((a, b) => (b.energy > a.energy ? b : a));
  };
  const rankExchange = async (exchange: Exchange, signal: AbortSignal): Promise<RankedTurn> => {
    const { message, answer, answeredBy } = exchange;
    const { ranking } = await rank(`${message} ${answer}`, signal);
    return { ...toTurn(message, { ranking, window: ranking }), answeredBy };
  };
  return async (request, { signal }) => {
    const { text, ranking, isEmpty } = await rank(request.message, signal);
    const coverage = isEmpty ? 0 : index.coverage.of(text);
    const counted = countedHistory(request);
    if (counted === undefined) return { ranking, thresholds, coverage };
    const current = toTurn(request.message, {
      ranking: await rankReadings(request.message, signal),
      window: (await rank(counted.window, signal)).ranking,
    });
    const earlier = await Promise.all(counted.earlier.map((exchange) => rankExchange(exchange, signal)));
    const inConversation = rankInConversation({ earlier, current }, thresholds);
    const followed = withFollowUp(inConversation, { text, thresholds });
    return { ranking: followed, thresholds: inTurn(thresholds), coverage };
  };
}

function toTurn(message: string, ranked: Pick<RankedTurn, "ranking" | "window">): RankedTurn {
  return { ...ranked, bond: bondOf(message), words: wordsOf(message).length };
}

/** A message as it is scored. */
interface ReadMessage {
  readonly text: string;
  readonly ranking: Ranking;
  /** True when the model can make nothing of it. */
  readonly isEmpty: boolean;
}
