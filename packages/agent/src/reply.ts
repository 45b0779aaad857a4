// What `respond` may give back.
import { agentStatus, handoverStatus } from "@lmos/protocol";

/** An answer with more to it than its text. */
export interface ReplyMessage {
  readonly content: string;
  /** `"text"` unless given. */
  readonly format?: string | undefined;
  /** One of `agentStatus`, or an own word that the caller understands. */
  readonly status?: string | undefined;
}

/** The answer to a turn. */
export type Reply = string | ReplyMessage;

/**
 * What `respond` returns: the reply, a promise of it, or the pieces of its text as they come. A generator may
 * `return` a {@link ReplyMessage} to set status and format; its empty `content` then means the text of all pieces.
 */
export type Answer =
  | Reply
  | Promise<Reply>
  | AsyncIterable<string>
  | AsyncGenerator<string, Reply | undefined, undefined>;

/**
 * Hands the conversation over: to the agent of that name, or to a person. An agent that is served by the same
 * process answers in this turn; any other is for the caller to call, who sees the status `AGENT_HANDOVER[name]`.
 */
export function handover(options: { readonly to?: string; readonly content?: string } = {}): ReplyMessage {
  const status = options.to === undefined ? agentStatus.handover : handoverStatus(options.to);
  return { content: options.content ?? "", status };
}
