/** The compatibility mode: decides as the vector classifier of Eclipse LMOS does, faults and all. */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { Alternative, Classifier, ClassifyRequest, RoutingDecision } from "../model.ts";
import type { ChannelScope, ExampleHit, ExampleStore } from "./example-store.ts";
import { type LmosRanking, type LmosThresholds, lmosThresholds, rankByLmosRule } from "./lmos-rule.ts";

/** What it works with; the numbers are those of `lmos.router.embedding` there. */
export interface LmosClassifierOptions {
  readonly scope: ChannelScope;
  readonly store: ExampleStore;
  readonly embedding: EmbeddingModel;
  readonly thresholds?: Partial<LmosThresholds> | undefined;
  /** Examples that are looked at (default 15). */
  readonly maxEmbeddings?: number | undefined;
  /** Earlier messages, of both roles, that are joined before the message (default 10). */
  readonly maxHistoryMessages?: number | undefined;
}

const maxAlternatives = 3;

/**
 * A classifier that accepts or refuses, and never asks. In a decision's explanation, `energy` is the sum of the best agent's scores
 * and `margin` its distance to the next one; names of agents are their ids.
 */
export function createLmosClassifier(options: LmosClassifierOptions): Classifier {
  const thresholds = { ...lmosThresholds, ...options.thresholds };
  return {
    classify: async (request, call) => {
      const hits = await nearestExamples(request, options, call);
      return toDecision(rankByLmosRule(hits, thresholds), hits, thresholds);
    },
  };
}

/** The examples nearest to the message, joined with the end of its history. */
export async function nearestExamples(
  request: ClassifyRequest,
  { scope, store, embedding, maxEmbeddings = 15, maxHistoryMessages = 10 }: LmosClassifierOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly ExampleHit[]> {
  const earlier = maxHistoryMessages === 0 ? [] : request.history.slice(-maxHistoryMessages);
  const query = [...earlier.map(({ content }) => content), request.message].join("\n");
  const [vector] = await embedding.embed([query], { signal });
  if (vector === undefined || vector.every((value) => value === 0)) return [];
  return store.nearest(scope, { vector, count: maxEmbeddings }, { signal });
}

function toDecision(
  { candidates, accepted }: LmosRanking,
  hits: readonly ExampleHit[],
  thresholds: LmosThresholds,
): RoutingDecision {
  const all = candidates.reduce((sum, { total }) => sum + total, 0);
  const alternatives: readonly Alternative[] = candidates
    .slice(0, maxAlternatives)
    .map(({ agentId, capabilityId, total }) => ({
      agent: agentId,
      capability: capabilityId,
      confidence: total / all,
    }));
  const [best] = alternatives;
  const decided = {
    confidence: best?.confidence ?? 0,
    alternatives,
    explanation: {
      stage: "vector" as const,
      margin: (candidates[0]?.total ?? 0) - (candidates[1]?.total ?? 0),
      marginThreshold: thresholds.minDistance,
      energy: candidates[0]?.total ?? 0,
      energyThreshold: thresholds.minScore,
      coverage: 1,
      coverageThreshold: 0,
      matchedExamples: hits.slice(0, maxAlternatives).map((hit) => ({
        agent: hit.agentId,
        capability: hit.capabilityId,
        text: hit.example,
        similarity: 2 * hit.score - 1,
      })),
    },
  };
  if (best === undefined || !accepted) return { decision: "none", ...decided };
  return { decision: "accept", agent: best.agent, capability: best.capability, ...decided };
}
