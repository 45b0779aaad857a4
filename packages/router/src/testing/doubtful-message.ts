/** A message that two agents fit alike, so that a language model is asked about it whenever there is one. */
import { loadStaticModel } from "@lmos/embeddings";
import type { RoutableAgent, RoutingDecision } from "../model.ts";
import { buildRouterIndex } from "../router-index.ts";
import { createVectorClassifier } from "../vector-classifier.ts";

const { signal } = new AbortController();
export const embedding = await loadStaticModel({ signal });
/** An agent with one capability. */
export const agent = (name: string, description: string, ...examples: readonly string[]): RoutableAgent => ({
  name,
  description,
  capabilities: [{ id: `${name}-c`, name: "c", description, examples }],
});
export const parcels = [
  "where is my order",
  "track my parcel",
  "when does it arrive",
  "delivery status",
  "late parcel",
];
/** Two agents that fit alike: what is for one is always asked about. */
export const agents = [
  agent("orders", "Tracks what the shop has sent", ...parcels),
  agent("parcels", "Tracks what friends have sent", ...parcels),
  agent(
    "network",
    "Mends internet",
    "internet is down",
    "wifi drops",
    "no connection",
    "slow internet",
    "red light",
  ),
];
export const index = await buildRouterIndex(agents, { embedding, signal });
export const doubtful = "where is my parcel";
const vectors = createVectorClassifier({ index, embedding });

export const ask = (message: string) => ({ message, history: [] });

/** What is decided by vectors alone, without a word of a model. */
export function decidedByVectors(): Promise<RoutingDecision> {
  return vectors.classify(ask(doubtful), { signal });
}

/** What is decided where the model gives no choice. */
export async function decidedWithout(modelFailure: string): Promise<unknown> {
  const byVectors = await decidedByVectors();
  return { ...byVectors, explanation: { ...byVectors.explanation, modelFailure } };
}
