/**
 * What is resolved and what comes out of it, as plain data. The words are OSGi's: a channel has requirements, agents
 * (providers) have capabilities, and a wire ties a requirement to the capability that satisfies it.
 */
import type { Cause, Refusal } from "./cause.ts";
import type { Attributes } from "./filter.ts";

/**
 * Which of several fitting versions is taken: the highest, the nearest to the range's lower bound, the lowest, or
 * whichever the current agent has for as long as it fits.
 */
export type Strategy = "HIGHEST" | "MOST_SIMILAR" | "LOWEST" | "STICKY";

/** One capability that a channel or an agent asks for. `id` plays no role; `range` is npm or Ivy/Maven syntax. */
export interface Requirement {
  readonly id: string;
  readonly name: string;
  readonly range: string;
  readonly strategy: Strategy;
  /** An optional requirement that nothing satisfies is left out; mandatory unless given. */
  readonly resolution?: "mandatory" | "optional" | undefined;
  /** One wire, or one to each capability that fits; single unless given. */
  readonly cardinality?: "single" | "multiple" | undefined;
  /** A CEL expression over the capability's attributes; none unless given. */
  readonly filter?: string | undefined;
}

/** One capability that an agent offers. `version` is as the agent wrote it, and may not be a semantic version. */
export interface Capability {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** What filters are evaluated on. */
  readonly attributes?: Attributes | undefined;
  /** Names of capabilities that must come from the same agent, where the requirer asks for them too. */
  readonly uses?: readonly string[] | undefined;
  /** Attributes that a requirement must name in its filter to be given this capability. */
  readonly mandatory?: readonly string[] | undefined;
  /** Patterns of the tenants to whom its agent is allowed to provide it (`*` is any text); everyone unless given. */
  readonly grantedTo?: readonly string[] | undefined;
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
  /** What it needs of other agents; it is wired only where they provide all of it. Nothing unless given. */
  readonly requirements?: readonly Requirement[] | undefined;
  /** False passes it over for any that is ready and fits, and wires it where none is. Ready unless given. */
  readonly ready?: boolean | undefined;
  /** Tenants that have as many agents as they may without this one. None unless given. */
  readonly overQuotaOf?: readonly string[] | undefined;
}

/** For whom capabilities are sought. */
export interface Audience {
  readonly tenant: string;
  readonly channel: string;
  readonly subset: string;
}

/** A wire that is in force: which agent serves a requirement now. */
export interface CurrentWire {
  readonly name: string;
  readonly range: string;
  readonly provider: string;
}

/** For whom and what is resolved. */
export interface ResolutionRequest {
  readonly channel: Audience;
  readonly requirements: readonly Requirement[];
  /** The wires in force: among equals they stay. None unless given. */
  readonly current?: readonly CurrentWire[] | undefined;
  /** Why the channel gets no wire at all, whatever is provided. */
  readonly refusal?: Refusal | undefined;
}

/** Everything that a resolution depends on. */
export interface ResolutionInput extends ResolutionRequest {
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

/** A wire from one agent to another that it needs. */
export interface DependencyWire extends Wire {
  /** Name of the agent that requires it. */
  readonly consumer: string;
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

interface Wiring {
  /** The wires of the channel, in the order of its requirements. */
  readonly wires: readonly Wire[];
  /** The wires of the agents behind it, by name of the agent that requires. */
  readonly dependencies: readonly DependencyWire[];
  /** Optional requirements that were left out. */
  readonly skipped: readonly UnmetRequirement[];
}

/** The outcome: all mandatory requirements wired, or those that are and, with causes, those that are not. */
export type Resolution =
  | ({ readonly kind: "resolved" } & Wiring)
  | ({ readonly kind: "unresolved"; readonly unmet: readonly UnmetRequirement[] } & Wiring);
