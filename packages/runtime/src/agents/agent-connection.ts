/** The port through which turns reach agents. */
import type { AgentRequest, AgentResult } from "@lmos/protocol";

/** One turn for one endpoint of an agent. */
export interface AgentCall {
  /** `ws://` or `wss://` address of the agent's subscriptions. */
  readonly url: string;
  /** Subset of the routing that this turn follows. */
  readonly subset: string;
  readonly request: AgentRequest;
}

/** Why an agent gave no (complete) answer. */
export type AgentFault =
  /** No connection, or it refused the handshake. */
  | { readonly kind: "unavailable" }
  /** It asked for patience (HTTP 503). */
  | { readonly kind: "busy"; readonly retryAfterSeconds: number }
  /** It takes no more for now, as a limit of its own is reached (HTTP 429). */
  | { readonly kind: "limited"; readonly retryAfterSeconds: number }
  /** It sent what the protocol doesn't know. */
  | { readonly kind: "protocol"; readonly reason: string }
  /** A frame or the whole answer is larger than allowed. */
  | { readonly kind: "tooLarge" }
  /** It reported an error. */
  | { readonly kind: "error"; readonly errors: readonly string[] }
  /** The socket closed before the answer was complete. */
  | { readonly kind: "interrupted"; readonly closeCode: number }
  /** The socket is open but nobody answers a ping. */
  | { readonly kind: "unresponsive" }
  /** It is about to stop, and did nothing of the turn. */
  | { readonly kind: "notBegun" }
  /** Too much of the answer waited for a slow reader, on a socket from which others read. */
  | { readonly kind: "unread" };

/** What an agent sends: results, then exactly one of the other two. */
export type AgentReply =
  | { readonly kind: "result"; readonly result: AgentResult }
  | { readonly kind: "completed" }
  /**
   * `repeatable`: the turn may be asked again, here or at another endpoint. Either nothing of it was sent, or the agent
   * said that it does nothing twice for a turn id that it knows, and nothing of its answer has come.
   */
  | { readonly kind: "failed"; readonly fault: AgentFault; readonly repeatable: boolean };

/** Who reads an answer. */
export interface ReplyReader<Reply> {
  /** The reply that was asked for. */
  take(reply: Reply): void;
  /** In place of the reply that was asked for: there will be none. */
  fail(error: unknown): void;
}

/**
 * An answer that is read reply by reply. No iterator: each stream that waits for its agent would hold promises and functions
 * of every step of its way; this way it holds who is told.
 */
export interface Replies {
  /**
   * Asks for the next reply, which may be told at once; nothing is asked before the first one is. Neither while one is
   * waited for, nor after the last one.
   */
  read(): void;
  /** Nothing is told from then on; cancels the turn at the agent unless its last reply was taken. Needed in the end. */
  leave(): void;
}

/** Carries turns to agents. */
export interface AgentConnection {
  /** Asks one endpoint. A reader that doesn't read makes the agent wait. */
  ask(call: AgentCall, reader: ReplyReader<AgentReply>): Replies;
}
