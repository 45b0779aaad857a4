/** What the router knows about agents, and what it says about a message. */

/** One thing that an agent can do. Its description counts as one more example. */
export interface RoutableCapability {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What users say when they want it; 5 to 10 make routing reliable, none is allowed. */
  readonly examples: readonly string[];
}

/** An agent that messages may be routed to. */
export interface RoutableAgent {
  readonly name: string;
  readonly description: string;
  readonly capabilities: readonly RoutableCapability[];
}

/** One agent in question, with its likeliest capability. */
export interface Alternative {
  readonly agent: string;
  readonly capability: string;
  /** Probability that the message is for this agent, given that it is for any: 0 to 1, summed over its capabilities. */
  readonly confidence: number;
}

/** An example of the catalogue that the message resembles. */
export interface MatchedExample {
  readonly agent: string;
  readonly capability: string;
  readonly text: string;
  /** Cosine similarity, -1 to 1. */
  readonly similarity: number;
}

/**
 * `invalid-answer`: prose, a refusal, an id that was not offered, or two. `timeout`: too slow. `unavailable`: it could not
 * be asked. `over-budget`: it has been asked too often within a minute. `resting`: it failed before and isn't asked for a
 * while.
 */
export type ModelFailure = "invalid-answer" | "timeout" | "unavailable" | "over-budget" | "resting";

/** What the conversation did to a decision. */
export interface ConversationSigns {
  /** The agent that had the turn, where that is known; else it was guessed. */
  readonly holder?: string | undefined;
  /** How many times likelier whoever had the turn became by having had it. */
  readonly stayFactor: number;
}

/** Why the decision is what it is. */
export interface Explanation {
  /** What decided: the vectors, a language model among the candidates that they found, or words, as there were no vectors. */
  readonly stage: "vector" | "llm" | "words";
  /** Why the language model, which should have been asked, did not decide; the vectors did. */
  readonly modelFailure?: ModelFailure | undefined;
  /** Distance between the two best agents' confidences; compared with {@link marginThreshold} for "ask". */
  readonly margin: number;
  readonly marginThreshold: number;
  /** How much the message resembles the catalogue as a whole; below {@link energyThreshold} means "none". */
  readonly energy: number;
  readonly energyThreshold: number;
  /** Share of the message's words that the model or the catalogue knows, 0 to 1; low in another language. */
  readonly coverage: number;
  readonly coverageThreshold: number;
  /** Only where something was said before that counts. */
  readonly conversation?: ConversationSigns | undefined;
  /** Nearest first, at most three. */
  readonly matchedExamples: readonly MatchedExample[];
}

interface Decided {
  /** Of the best alternative; 0 when there is none. */
  readonly confidence: number;
  /** The best agents whatever the decision, best first, at most three. */
  readonly alternatives: readonly Alternative[];
  readonly explanation: Explanation;
}

/** Where a message goes: to an agent, back to the user with a question, or to none of the agents. */
export type RoutingDecision =
  | (Decided & { readonly decision: "accept"; readonly agent: string; readonly capability: string })
  | (Decided & {
      readonly decision: "ask";
      readonly question: string;
      readonly choices: readonly Alternative[];
    })
  | (Decided & { readonly decision: "none" });

/** One message of the conversation so far. */
export interface HistoryMessage {
  readonly role: "user" | "assistant";
  readonly content: string;
  /** The agent whose answer it is, where that is known; else it is guessed from what was said. */
  readonly agent?: string | undefined;
  /** Whether nobody's answer it is: a refusal or a question of whoever asks the classifier. */
  readonly isOwn?: boolean | undefined;
}

/** What a classifier is asked. */
export interface ClassifyRequest {
  readonly message: string;
  /** Earlier messages, oldest first. Without any, the message alone decides. */
  readonly history: readonly HistoryMessage[];
  /** Milliseconds since the last of them, where known: after half an hour they no longer count. */
  readonly idleMs?: number | undefined;
  /** True when the agent that had the turn has said that it is another's now: then they don't count either. */
  readonly handedOver?: boolean | undefined;
  /** True where vectors alone are to decide: of a message that is only tried, a model would be asked too often. */
  readonly withoutModel?: boolean | undefined;
  /**
   * Where only an acceptance with at least this confidence is of use, as of a part of a message: the vectors then stop where
   * they see that it comes to less, with the decision that they have by then, which is no such acceptance.
   */
  readonly leastConfidence?: number | undefined;
}

/**
 * What a first look says. `perhaps`: by vectors the message is accepted for this agent with this confidence, or not
 * accepted. `nobody`: it is not accepted. `unknown`: nothing was seen.
 */
export type Glance =
  | ({ readonly kind: "perhaps" } & Pick<Alternative, "agent" | "confidence">)
  | { readonly kind: "nobody" }
  | { readonly kind: "unknown" };

/** A message that may be for several agents. */
export interface PlanRequest {
  readonly message: string;
  /** Earlier messages, oldest first. */
  readonly history: readonly HistoryMessage[];
  /** The message cut where it may turn to something else. */
  readonly pieces: readonly string[];
}

/** A part of a message, as a language model divides it. */
export interface PlannedPart extends Alternative {
  /** What its agent is asked. */
  readonly text: string;
  /** Places of earlier parts whose answers it needs, from 0. */
  readonly needs: readonly number[];
}

/** Decides about one message at a time. */
export interface Classifier {
  /**
   * A first look by vectors at a message that stands alone, without waiting where the model has nothing to wait for. Not
   * there where it would cost as much as `classify`. Throws and rejects as that does.
   */
  glance?(message: string, options: { readonly signal: AbortSignal }): Glance | Promise<Glance>;
  /** Rejects when the embedding model fails or gives a vector that is not finite, or with the signal's reason. */
  classify(request: ClassifyRequest, options: { readonly signal: AbortSignal }): Promise<RoutingDecision>;
  /**
   * Divides a message among the agents of the index and no others, in the order in which they are to answer. Not there
   * where no language model is asked; undefined when the model gives no plan that holds. Rejects as `classify` does.
   */
  plan?(
    request: PlanRequest,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly PlannedPart[] | undefined>;
}
