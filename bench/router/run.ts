/** Builds one index and routes messages through it, keeping what the figures are made from. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { systemClock, systemRandom } from "@lmos/primitives";
import {
  buildRouterIndex,
  createEmbeddingCache,
  createHybridClassifier,
  createVectorClassifier,
  type RoutableAgent,
  type RouterIndex,
} from "@lmos/router";
import type { Labelled } from "./data.ts";

/** What became of one message. */
export interface Outcome {
  readonly decision: "accept" | "ask" | "none";
  readonly agentRight: boolean;
  readonly capabilityRight: boolean;
  /** Probability of the best agent, and of the best capability. */
  readonly agentConfidence: number;
  readonly capabilityConfidence: number;
  readonly rightAmongThree: boolean;
  readonly energy: number;
  readonly ms: number;
}

/** One index under test. */
export interface RouterUnderTest {
  readonly buildMs: number;
  route(message: Labelled): Promise<Outcome>;
  /** Whether a hybrid classifier would ask its language model. */
  wouldAsk(message: string): Promise<boolean>;
}

const { signal } = new AbortController();

/** An index over the agents, timed without the embedding of the background sentences, which a process does once. */
export async function routerUnderTest(
  agents: readonly RoutableAgent[],
  embedding: EmbeddingModel,
): Promise<RouterUnderTest> {
  const cache = createEmbeddingCache({ maxEntries: 1000 });
  await buildRouterIndex([], { embedding, cache, signal });
  const start = systemClock.monotonic();
  const index = await buildRouterIndex(agents, { embedding, cache, signal });
  const buildMs = systemClock.monotonic() - start;
  const classifier = createVectorClassifier({ index, embedding });
  return {
    buildMs,
    wouldAsk: doubtOver(index, embedding),
    route: async ({ text, agent, capability }) => {
      const before = systemClock.monotonic();
      const decision = await classifier.classify({ message: text, history: [] }, { signal });
      const ms = systemClock.monotonic() - before;
      const [vector = new Float32Array(embedding.dimension)] = await embedding.embed([text], { signal });
      const [best] = index.head.rank({ text, vector }).capabilities;
      const [first] = decision.alternatives;
      return {
        ms,
        decision: decision.decision,
        agentRight: first?.agent === agent,
        capabilityRight: best?.capability === capability,
        agentConfidence: decision.confidence,
        capabilityConfidence: best?.probability ?? 0,
        rightAmongThree: decision.alternatives.some((alternative) => alternative.agent === agent),
        energy: decision.explanation.energy,
      };
    },
  };
}

/** A hybrid classifier whose model never answers: it only shows whether it was asked. */
function doubtOver(index: RouterIndex, embedding: EmbeddingModel): (message: string) => Promise<boolean> {
  const classifier = createHybridClassifier({
    index,
    embedding,
    model: { id: "none", choose: () => Promise.reject(new Error("no model")) },
    clock: systemClock,
    random: systemRandom,
    callsPerMinute: Number.POSITIVE_INFINITY,
  });
  return async (message) => {
    const { explanation } = await classifier.classify({ message, history: [] }, { signal });
    return explanation.modelFailure !== undefined;
  };
}

/** One after the other, as a single thread would. */
export async function routeAll(
  router: RouterUnderTest,
  messages: readonly Labelled[],
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const message of messages) outcomes.push(await router.route(message));
  return outcomes;
}

/** A message that belongs to nobody. */
export function unlabelled(text: string): Labelled {
  return { text, agent: "", capability: "" };
}
