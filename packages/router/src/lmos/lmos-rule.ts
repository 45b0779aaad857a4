/**
 * How the classifier of Eclipse LMOS chooses by vectors (`SingleAgentEmbeddingRanker`): the scores of the nearest examples
 * are added up by agent, and the best agent must be good enough by itself and far enough ahead of the next one.
 */
import type { ExampleHit } from "./example-store.ts";

/** What the best agent must reach; `lmos.router.embedding.ranking.*` there. */
export interface LmosThresholds {
  /** Sum of its scores. With scores of at most 1, 5 needs five perfect examples. */
  readonly minScore: number;
  /** Sum of its scores by the number of its examples. */
  readonly minMeanScore: number;
  /** How much greater its sum is than the next agent's. */
  readonly minDistance: number;
  /** The same by the number of its examples. */
  readonly minRelDistance: number;
}

/** Its defaults. */
export const lmosThresholds: LmosThresholds = {
  minScore: 5,
  minDistance: 4,
  minMeanScore: 0.8,
  minRelDistance: 0.3,
};

/** An agent with the sum of its scores. */
export interface LmosCandidate {
  readonly agentId: string;
  /** Its capability with the nearest example. */
  readonly capabilityId: string;
  readonly total: number;
  readonly hits: number;
}

/** The candidates, best first, and whether the first one is chosen. */
export interface LmosRanking {
  readonly candidates: readonly LmosCandidate[];
  readonly accepted: boolean;
}

/** The rule on the nearest examples, best first. A single one is accepted whatever its score, as there. */
export function rankByLmosRule(hits: readonly ExampleHit[], thresholds: LmosThresholds): LmosRanking {
  const candidates = [...Map.groupBy(hits, ({ agentId }) => agentId)]
    .map(([agentId, own]) => ({
      agentId,
      capabilityId: own[0]?.capabilityId ?? "",
      total: own.reduce((sum, { score }) => sum + score, 0),
      hits: own.length,
    }))
    .toSorted((left, right) => right.total - left.total);
  const [best, next] = candidates;
  if (best === undefined) return { candidates, accepted: false };
  return { candidates, accepted: hits.length === 1 || reaches(best, next, thresholds) };
}

function reaches(
  best: LmosCandidate,
  next: LmosCandidate | undefined,
  { minScore, minMeanScore, minDistance, minRelDistance }: LmosThresholds,
): boolean {
  if (best.total < minScore || best.total / best.hits < minMeanScore) return false;
  if (next === undefined) return true;
  const distance = best.total - next.total;
  return distance >= minDistance && distance / best.hits >= minRelDistance;
}
