// From what `respond` returned to one reply, handing on the pieces of a generator as they come.
import { z } from "zod";
import { AgentError } from "./errors.ts";
import type { Answer, Reply, ReplyMessage } from "./reply.ts";

/** Longest text of an answer; its frame must stay within what callers accept. */
const maxAnswerLength = 64 * 1024;

/** Longest format or status. */
const maxWordLength = 256;

/** Who gets the pieces, and until when. */
export interface CollectOptions {
  /** Settles when the piece was sent. */
  onDelta(text: string): Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Waits for the whole answer. An {@link AgentError} `AnswerTooLong` above 65,536 characters, `InvalidAnswer` where it is
 * none.
 */
export async function collectAnswer(answer: Answer, options: CollectOptions): Promise<ReplyMessage> {
  const reply = isPieces(answer) ? await collectPieces(answer, options) : toReplyMessage(await answer);
  checkLength(reply.content);
  return reply;
}

async function collectPieces(
  pieces: AsyncIterable<string, Reply | undefined>,
  { onDelta, signal }: CollectOptions,
): Promise<ReplyMessage> {
  const iterator = pieces[Symbol.asyncIterator]();
  let text = "";
  try {
    for (let next = await iterator.next(); ; next = await iterator.next()) {
      if (next.done === true) return finish(text, next.value);
      signal.throwIfAborted();
      if (typeof next.value !== "string")
        throw new AgentError("InvalidAnswer", `respond yielded ${typeof next.value}: yield pieces of text`);
      text += next.value;
      checkLength(text);
      if (next.value !== "") await onDelta(next.value);
    }
  } catch (error) {
    await iterator.return?.();
    throw error;
  }
}

function finish(text: string, returned: Reply | undefined): ReplyMessage {
  if (returned === undefined) return { content: text };
  const reply = toReplyMessage(returned);
  return reply.content === "" ? { ...reply, content: text } : reply;
}

/** Authors without types may give back anything. */
function toReplyMessage(reply: unknown): ReplyMessage {
  if (typeof reply === "string") return { content: reply };
  const parsed = replySchema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new AgentError(
    "InvalidAnswer",
    `respond gave back no answer: ${z.prettifyError(parsed.error)}; return a text, or { content, format?, status? }`,
  );
}

const replySchema: z.ZodType<ReplyMessage> = z.object({
  content: z.string(),
  format: z.string().max(maxWordLength).optional(),
  status: z.string().max(maxWordLength).optional(),
});

function checkLength(text: string): void {
  if (text.length <= maxAnswerLength) return;
  throw new AgentError("AnswerTooLong", `answer is longer than ${maxAnswerLength} characters`);
}

function isPieces(answer: Answer): answer is Extract<Answer, AsyncIterable<string>> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}
