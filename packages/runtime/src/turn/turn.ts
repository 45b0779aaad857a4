/** A turn: one message of a user, accepted and on its way to an answer. */
import type { AnonymizationEntity, ContextEntry, Message, TraceContext } from "@lmos/protocol";
import type { Alternative } from "@lmos/router";
import type { TurnFailure } from "./failure.ts";

/** What ties a turn to what others know of it. */
export interface Correlation extends TraceContext {
  /** Of the client, or made up for the request. */
  readonly correlationId: string;
}

/** Who proved to be the user. */
export interface TurnOwner {
  readonly issuer: string;
  readonly subject: string;
  /** The tenant that the proof is for. */
  readonly tenant: string;
}

/** What the client asked, validated. */
export interface Turn {
  readonly tenant: string;
  readonly channel: string;
  /** The subset that the client named, if it did. */
  readonly subset: string | undefined;
  readonly conversationId: string;
  readonly turnId: string;
  /** The conversation as the client tells it, oldest first. */
  readonly messages: readonly Message[];
  /** Name of the agent that the client insists on. */
  readonly explicitAgent: string | undefined;
  readonly anonymizationEntities: readonly AnonymizationEntity[] | undefined;
  readonly contextParams: readonly ContextEntry[];
  /** Who proved to be the user; undefined where users don't have to. */
  readonly owner?: TurnOwner | undefined;
  /** The owner's subject, or what the client says that the user is called. */
  readonly userId: string;
  readonly profile: readonly ContextEntry[];
  /** Whether the client reads the answer piece by piece. */
  readonly streaming: boolean;
  /** Who tells the conversation so far: the client with its messages, or the server from its memory. */
  readonly history: "client" | "server";
  readonly correlation: Correlation;
}

/** Who answers a part of a message. */
export interface RoutedPart extends Alternative {
  /** Places of earlier parts whose answers it is told; left out where it needs none. */
  readonly needs?: readonly number[] | undefined;
}

/**
 * What decided: the client by an explicit agent, the user's choice of those that were offered, vectors, a language model,
 * words; `fallback` where nothing could.
 */
export type RoutingStage = "explicit" | "choice" | "vector" | "llm" | "words" | "fallback";

/** Who answers a turn, and why. */
export interface RoutingEvent {
  readonly kind: "routing";
  /** `explicit`: the client named the agent. `none` with an agent: it is the channel's fallback. */
  readonly decision: "explicit" | "accept" | "ask" | "none";
  readonly stage: RoutingStage;
  readonly agent: string | undefined;
  readonly capability: string | undefined;
  readonly confidence: number;
  /** What the clarifying question offers; empty unless the decision is `ask`. */
  readonly choices: readonly Alternative[];
  /** The likeliest agents whatever was decided, best first; empty where the client named one. */
  readonly alternatives: readonly Alternative[];
  /** The parts of a message that is for several agents, in its order; empty where one answers. */
  readonly parts: readonly RoutedPart[];
  /** Hash of the routing that this turn keeps to. */
  readonly snapshot: string;
  /** Milliseconds that the decision took. */
  readonly ms: number;
}

/** The whole answer. */
export interface MessageEvent {
  readonly kind: "message";
  readonly content: string;
  readonly anonymizationEntities: readonly AnonymizationEntity[] | null;
  /** The agent's word for how it went, such as `AGENT_HANDOVER` when a person is to go on. */
  readonly status?: string | undefined;
}

/** How far the answer to one part of a message is. */
export interface PartEvent {
  readonly kind: "part";
  readonly agent: string;
  readonly capability: string;
  /** `skipped`: it was not asked, as it needs the answer of a part that failed. */
  readonly state: "started" | "answered" | "failed" | "skipped";
}

/**
 * What happens in a turn, in order: `turn-start`, `routing`, any number of `text-delta` (a piece of the answer) and
 * `note` (said on the way, no part of it), `notes-dropped` (so many notes were not sent, as they were read too slowly), `hand-over` and `part`, `message`, `turn-end`. An `error` may take the place of any of them and is
 * then the last: every turn ends with exactly one `turn-end` or `error`.
 */
export type TurnEvent =
  | { readonly kind: "turn-start"; readonly turnId: string; readonly conversationId: string }
  | RoutingEvent
  | { readonly kind: "text-delta"; readonly text: string }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "notes-dropped"; readonly count: number }
  | { readonly kind: "hand-over"; readonly from: string; readonly to: string }
  | PartEvent
  | MessageEvent
  | { readonly kind: "turn-end"; readonly ms: number }
  | { readonly kind: "error"; readonly failure: TurnFailure };
