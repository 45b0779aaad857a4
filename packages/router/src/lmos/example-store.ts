/** Where the vectors of single examples are kept, so that the nearest ones to a message can be found: in memory, or in Qdrant. */
import type { RoutableAgent } from "../model.ts";

/** A channel of a tenant, for a subset of its users. */
export interface ChannelScope {
  readonly tenant: string;
  readonly channel: string;
  readonly subset: string;
}

/** An agent with where it answers, as the LMOS classifier knows it. */
export interface AddressedAgent extends RoutableAgent {
  /** Unlike the name, unique. */
  readonly id: string;
  readonly address: string;
}

/** An example near a message. */
export interface ExampleHit {
  readonly agentId: string;
  readonly agentName: string;
  readonly agentAddress: string;
  readonly capabilityId: string;
  readonly capabilityDescription: string;
  readonly example: string;
  /** (1 + cosine) / 2: 0 to 1. */
  readonly score: number;
}

/**
 * The vectors of examples, by channel. Methods reject with a RouterError `StoreUnavailable`, or the signal's reason; `put`
 * with `StoreConflict`, too, where the store would mix the channel's examples with another's.
 */
export interface ExampleStore {
  /** Makes these the agent's examples, whatever it had. */
  put(scope: ChannelScope, agent: AddressedAgent, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Forgets an agent's examples, or the whole channel's. */
  remove(
    scope: ChannelScope,
    agentId: string | undefined,
    options: { readonly signal: AbortSignal },
  ): Promise<void>;
  /** The nearest examples, best first. */
  nearest(
    scope: ChannelScope,
    query: { readonly vector: Float32Array; readonly count: number },
    options: { readonly signal: AbortSignal },
  ): Promise<readonly ExampleHit[]>;
}

/** One example with what is told about it when it is found. */
export type StoredExample = Omit<ExampleHit, "score">;

/** The examples of an agent; those without a text have nothing to be found by. */
export function examplesOf(agent: AddressedAgent): readonly StoredExample[] {
  return agent.capabilities.flatMap(({ id, description, examples }) =>
    [...new Set(examples)]
      .filter((example) => example.trim() !== "")
      .map((example) => ({
        agentId: agent.id,
        agentName: agent.name,
        agentAddress: agent.address,
        capabilityId: id,
        capabilityDescription: description,
        example,
      })),
  );
}
