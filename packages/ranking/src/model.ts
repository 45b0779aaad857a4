/** What goes into the head, and what comes out of it. */
import type { Steps } from "./steps.ts";

/** A text with its embedding. */
export interface EmbeddedText {
  readonly text: string;
  /** Finite numbers, of norm 1 or all zeros; as long as every other vector of the same head. */
  readonly vector: Float32Array;
}

/** A message to be ranked. */
export interface RankedText extends EmbeddedText {
  /**
   * Another vector of the same text. The message must resemble the catalogue by both then: its energy is the lesser one,
   * everything else is as without it.
   */
  readonly secondVector?: Float32Array | undefined;
}

/** One text that a capability should answer to. */
export interface CapabilityExample extends EmbeddedText {
  /** True for a description: it attracts messages like an example, but nothing is fitted on it. */
  readonly synthetic: boolean;
}

/** One thing that an agent can do, and what users say when they want it. */
export interface RankedCapability {
  readonly agent: string;
  readonly id: string;
  readonly examples: readonly CapabilityExample[];
}

/** A capability with the probability that the message asks for it, given that it asks for any of them. */
export interface CapabilityCandidate {
  readonly agent: string;
  readonly capability: string;
  readonly probability: number;
}

/** An agent with the sum of its capabilities' probabilities, and the likeliest of them. */
export interface AgentCandidate {
  readonly agent: string;
  readonly probability: number;
  readonly best: CapabilityCandidate;
}

/** An example of the catalogue close to the message. */
export interface MatchedExample {
  readonly agent: string;
  readonly capability: string;
  readonly text: string;
  /** Cosine of the centred vectors, -1 to 1. */
  readonly similarity: number;
}

/** One message seen by the head. */
export interface Ranking {
  /** Best first; empty when the catalogue is empty. */
  readonly agents: readonly AgentCandidate[];
  /** Best first, down to a probability of one in a million. */
  readonly capabilities: readonly CapabilityCandidate[];
  /** ln Σ exp of the capabilities' scores: low for a message unlike anything in the catalogue. */
  readonly energy: number;
  /** Probability of the best agent minus that of the second; 1 with one agent, 0 with none. */
  readonly margin: number;
  /** The three nearest examples, nearest first. */
  readonly matches: readonly MatchedExample[];
}

/** The head's first look at a message: of its {@link Ranking} only what says whether the best agent may have it. */
export interface Glance extends Pick<Ranking, "energy" | "margin"> {
  /** The best agent; undefined when the catalogue is empty. */
  readonly agent: string | undefined;
  readonly probability: number;
}

/** How close a message lies to the examples, agent by agent. */
export interface AgentDensity {
  /** Of every agent, given that the message is for one of them; they sum to 1. */
  readonly probabilities: ReadonlyMap<string, number>;
}

/** Weights of the three scores: shrunk LDA, dense similarity, sparse similarity. */
export interface ScoreWeights {
  readonly lda: number;
  readonly dense: number;
  readonly sparse: number;
}

/** Where "none" and "ask" begin. */
export interface Thresholds {
  /** Below this energy the message belongs to no capability. */
  readonly energy: number;
  /** Below this margin the two best agents are too close to choose. */
  readonly margin: number;
}

/** What to do with a message, by its ranking and the thresholds. */
export type Verdict =
  | { readonly kind: "accept"; readonly agent: AgentCandidate }
  | { readonly kind: "ask"; readonly choices: readonly AgentCandidate[] }
  | { readonly kind: "none" };

/** The fitted head of one catalogue. Immutable; ranking is synchronous and pure. */
export interface RankingHead {
  readonly weights: ScoreWeights;
  readonly thresholds: Thresholds;
  /** @throws RankingError when the vector is not finite or of another length than the head's. */
  rank(query: RankedText): Ranking;
  /** What {@link rank} says of the best agent, in a part of the time. Throws as it does. */
  glance(query: EmbeddedText): Glance;
  /** A second opinion that nothing is fitted on. Throws as {@link rank} does. */
  densityOf(query: EmbeddedText): AgentDensity;
  /**
   * The head of a changed catalogue, with the weights, thresholds and covariance of this one: soon there, and nearly as
   * good while one of its own is fitted. An empty head has nothing to pass on. Throws RankingError for vectors that are
   * not finite or of another length.
   */
  readonly adapt: ((capabilities: readonly RankedCapability[]) => Steps<RankingHead>) | undefined;
}
