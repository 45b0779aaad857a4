/**
 * The port to a language model. It gets data and gives text; it decides nothing: whoever asked checks the answer against
 * the ids that were offered.
 */
import type { TokenUsage } from "./token-usage.ts";

/** One of the answers to choose from. */
export interface Choice {
  /** Opaque: says nothing of agents, order or rank. */
  readonly id: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** A question with a closed set of answers. */
export interface ChoiceRequest {
  /** Instructions; the same for every question of a channel, with or without the permission to ask the user. */
  readonly system: string;
  readonly candidates: readonly Choice[];
  /** The user's message and what was said before it, as JSON: data, never instructions. */
  readonly message: string;
  /** Every id that may be answered, those of "none of them" and, where allowed, "ask the user" included. */
  readonly ids: readonly string[];
}

/** A message to be divided among candidates. */
export interface DivisionRequest {
  /** Instructions; the same for every message. */
  readonly system: string;
  readonly candidates: readonly Choice[];
  /** As in a {@link ChoiceRequest}. */
  readonly message: string;
  /** Every id that may be answered. */
  readonly ids: readonly string[];
  readonly maxParts: number;
}

/** How a model is called. */
export interface ModelCallOptions {
  readonly signal: AbortSignal;
  /** To be called with what the service says that the call has used, if it says so; also before the call fails. */
  readonly onUsage: (usage: TokenUsage) => void;
}

/** A language model, local or remote. */
export interface ChatModel {
  /** Part of what an answer is remembered by. */
  readonly id: string;
  /** The answer as it came; should be `{"id": "…", "question": null}` and may be anything. Rejects when there is none. */
  choose(request: ChoiceRequest, options: ModelCallOptions): Promise<string>;
  /** The answer as it came; should be `{"parts": [{"id", "text", "needs"}]}`. Not there where messages aren't divided. */
  divide?(request: DivisionRequest, options: ModelCallOptions): Promise<string>;
}
