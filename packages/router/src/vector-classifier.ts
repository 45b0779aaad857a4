/**
 * The classifier that needs no language model: embed the message, rank the capabilities, decide. The message alone
 * decides for now; the history is part of the request because the window and the stay filter come into this place.
 */
import type { EmbeddingModel } from "@lmos/embeddings";
import { type AgentCandidate, decide, type Ranking } from "@lmos/ranking";
import { coverageThreshold } from "./coverage.ts";
import { RouterError } from "./errors.ts";
import { scoredText } from "./message-text.ts";
import type { Alternative, Classifier, Explanation, RoutingDecision } from "./model.ts";
import { clarifyingQuestion } from "./question.ts";
import type { RouterIndex } from "./router-index.ts";

const maxAlternatives = 3;

/**
 * A classifier over one index.
 *
 * @throws RouterError `ModelMismatch` when the index was built with another model.
 */
export function createVectorClassifier(options: {
  readonly index: RouterIndex;
  readonly embedding: EmbeddingModel;
}): Classifier {
  const { index, embedding } = options;
  if (index.modelId !== embedding.id) {
    throw new RouterError(
      "ModelMismatch",
      `index built with ${index.modelId}, messages embedded with ${embedding.id}`,
    );
  }
  return {
    classify: async ({ message }, { signal }) => {
      const text = index.spelling.repair(scoredText(message));
      const [vector = new Float32Array(embedding.dimension)] = await embedding.embed([text], { signal });
      const isReadable = vector.some((value) => value !== 0);
      return toDecision(index, index.head.rank({ text, vector }), isReadable ? index.coverage.of(text) : 0);
    },
  };
}

function toDecision(index: RouterIndex, ranking: Ranking, coverage: number): RoutingDecision {
  const readable = coverage >= coverageThreshold;
  const certainty = readable ? 1 : coverage;
  const toAlternative = ({ agent, best, probability }: AgentCandidate): Alternative => ({
    agent,
    capability: best.capability,
    confidence: certainty * probability + (1 - certainty) / ranking.agents.length,
  });
  const alternatives = ranking.agents.slice(0, maxAlternatives).map(toAlternative);
  const common = {
    confidence: alternatives[0]?.confidence ?? 0,
    alternatives,
    explanation: explain(index, ranking, coverage),
  };
  const verdict = readable ? decide(ranking, index.head.thresholds) : { kind: "none" as const };
  switch (verdict.kind) {
    case "accept":
      return {
        decision: "accept",
        agent: verdict.agent.agent,
        capability: verdict.agent.best.capability,
        ...common,
      };
    case "ask": {
      const choices = verdict.choices.map(toAlternative);
      return { decision: "ask", question: clarifyingQuestion(choices, index.agents), choices, ...common };
    }
    case "none":
      return { decision: "none", ...common };
    default:
      return verdict satisfies never;
  }
}

function explain(index: RouterIndex, ranking: Ranking, coverage: number): Explanation {
  const { energy, margin, matches } = ranking;
  return {
    stage: "vector",
    margin,
    marginThreshold: index.head.thresholds.margin,
    energy,
    energyThreshold: index.head.thresholds.energy,
    coverage,
    coverageThreshold,
    matchedExamples: matches,
  };
}
