/**
 * What is resolved and what comes out of it, as plain data. The words are OSGi's: a channel has requirements, agents
 * (providers) have capabilities, and a wire ties a requirement to the capability that satisfies it.
 */
import type { Cause } from "./cause.ts";

/** Which of several fitting versions is taken. */
export type Strategy = "HIGHEST" | "MOST_SIMILAR";

/** One capability that a channel asks for. `id` is carried along and plays no role; `range` is npm or Ivy/Maven syntax. */
export interface Requirement {
  readonly id: string;
  readonly name: string;
  readonly range: string;
  readonly strategy: Strategy;
}

/** One capability that an agent offers. `version` is as the agent wrote it, and may not be a semantic version. */
export interface Capability {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** An agent with its capabilities. */
export interface Provider {
  readonly name: string;
  readonly description: string;
  readonly host: string;
  readonly subset: string;
  /** Tenants that it serves; empty means every tenant. Compared exactly, as are channels. */
  readonly tenants: readonly string[];
  /** Channels that it serves; empty means none. */
  readonly channels: readonly string[];
  readonly capabilities: readonly Capability[];
}

/** For whom capabilities are sought. */
export interface Audience {
  readonly tenant: string;
  readonly channel: string;
  readonly subset: string;
}

/** Everything that a resolution depends on. */
export interface ResolutionInput {
  readonly channel: Audience;
  readonly requirements: readonly Requirement[];
  readonly providers: readonly Provider[];
}

/** A capability together with the agent that offers it. */
export interface Candidate {
  readonly provider: Provider;
  readonly capability: Capability;
}

/** A requirement and the candidate that satisfies it. */
export interface Wire extends Candidate {
  readonly requirement: Requirement;
}

/** A candidate of the right name, and why it was not taken. */
export interface RejectedCandidate extends Candidate {
  readonly cause: Cause;
}

/** A requirement that nothing satisfies. `cause` is that of the nearest candidate; `candidates` has the nearest first. */
export interface UnmetRequirement {
  readonly requirement: Requirement;
  readonly cause: Cause;
  readonly candidates: readonly RejectedCandidate[];
}

/** The outcome: all requirements wired, or those that are and, with causes, those that are not. */
export type Resolution =
  | { readonly kind: "resolved"; readonly wires: readonly Wire[] }
  | {
      readonly kind: "unresolved";
      readonly wires: readonly Wire[];
      readonly unmet: readonly UnmetRequirement[];
    };
