/**
 * Whether the last answer was a clarifying question of the runtime. It is recognised by its own words: the message that
 * it was about is decided again, and must lead to the same question. So nothing has to be kept, any runtime can go on,
 * and a client cannot invent a question.
 */
import type { Message } from "@lmos/protocol";
import type { Alternative } from "@lmos/router";
import type { RememberedMessage } from "../conversation/conversation-memory.ts";

/** A question that waits for its answer. */
export interface OpenQuestion {
  readonly choices: readonly Alternative[];
  /** The conversation up to the message that the question is about, that included. */
  readonly messages: readonly Message[];
}

/** A question that a conversation would lead to. */
export interface AskedQuestion {
  readonly question: string;
  readonly choices: readonly Alternative[];
}

/** Finds it. `ask` says which question these messages lead to, if any. */
export async function findOpenQuestion(
  messages: readonly Message[],
  remembered: readonly RememberedMessage[],
  ask: (messages: readonly Message[]) => Promise<AskedQuestion | undefined>,
): Promise<OpenQuestion | undefined> {
  const said = earlierMessages(messages, remembered);
  const last = said.at(-1);
  const before = said.slice(0, -1);
  const about = before.at(-1);
  if (last?.role !== "assistant" || about?.role !== "user" || !last.content.endsWith("?")) return undefined;
  for (const context of before.length === 1 ? [before] : [before, [about]]) {
    const asked = await ask(context);
    if (asked?.question === last.content) return { choices: asked.choices, messages: before };
  }
  return undefined;
}

/** What was said before the last message: as the client tells it, or as it is remembered of a client that doesn't. */
function earlierMessages(
  messages: readonly Message[],
  remembered: readonly RememberedMessage[],
): readonly Message[] {
  if (messages.length > 1) return messages.slice(0, -1);
  return remembered.map((message) => ({ ...message, format: "text" }));
}
