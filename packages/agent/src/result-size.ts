// What a result takes in a frame: callers accept 256 KiB, and drop the socket of whoever sends more.
import { type AgentResult, utf8Length } from "@lmos/protocol";
import { AgentError } from "./errors.ts";

/** Bytes of a result; the frame around it has some more. */
const maxBytes = 240 * 1024;
/** A character takes so many bytes at most, written as JSON. */
const maxBytesOfCharacter = 6;

/** The same result. An {@link AgentError} `AnswerTooLong` when it would not fit into a frame. */
export function checkResultSize(result: AgentResult): AgentResult {
  if (charactersOf(result) * maxBytesOfCharacter <= maxBytes) return result;
  const bytes = utf8Length(JSON.stringify(result));
  if (bytes <= maxBytes) return result;
  throw new AgentError(
    "AnswerTooLong",
    `the answer takes ${bytes} bytes with its context and tool calls, and may take ${maxBytes}: shorten its text, or the inputs of its tools`,
  );
}

function charactersOf({ messages, context, toolCalls }: AgentResult): number {
  const texts = [
    ...messages.map(({ content }) => content),
    ...context.flatMap(({ key, value }) => [key, value]),
    ...toolCalls.flatMap((call) => [call.name, call.arguments]),
  ];
  return texts.reduce((sum, text) => sum + text.length, 0);
}
