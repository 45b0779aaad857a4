/** Builds one index and routes messages through it, keeping what the figures are made from. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { systemClock } from "@lmos/primitives";
import {
  buildRouterIndex,
  createEmbeddingCache,
  createVectorClassifier,
  type RoutableAgent,
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
