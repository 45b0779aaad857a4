/**
 * Whether the last answer was a clarifying question of the runtime. It is one that the conversation's state has kept; a
 * runtime that shares no state recognises it by its own words: the message that it was about is decided again, and must
 * lead to the same question. Either way a client cannot invent one.
 */
import type { Message } from "@lmos/protocol";
import type { Alternative } from "@lmos/router";
import {
  maxRememberedLength,
  type RememberedConversation,
  type RememberedMessage,
} from "../conversation/conversation-memory.ts";

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

/** What is remembered of the conversation that a question may be open in. */
export type QuestionContext = Pick<RememberedConversation, "messages" | "question">;

/** Says which question these messages lead to, if any. */
type AskAgain = (messages: readonly Message[]) => Promise<AskedQuestion | undefined>;

/**
 * Finds it. Nothing is asked, and waited for, unless the last answer may be such a question: it is not the one kept, and as
 * far as is remembered no agent said it.
 */
export function findOpenQuestion(
  messages: readonly Message[],
  remembered: QuestionContext,
  ask: AskAgain,
): Promise<OpenQuestion | undefined> | OpenQuestion | undefined {
  const [about, last] = lastTwoSaid(messages, remembered.messages);
  if (last?.role !== "assistant" || about?.role !== "user") return undefined;
  const { question } = remembered;
  const isKept = question?.text === last.content.slice(0, maxRememberedLength);
  if (!isKept && !last.content.endsWith("?")) return undefined;
  const before = earlierMessages(messages, remembered.messages).slice(0, -1);
  if (question !== undefined && isKept) return { choices: question.choices, messages: before };
  return isOfAgent(last.content, remembered.messages)
    ? undefined
    : recogniseQuestion(last.content, before, ask);
}

/** Agents often end with a question, and then the message before would be decided again for nothing. */
function isOfAgent(answer: string, remembered: readonly RememberedMessage[]): boolean {
  const text = answer.slice(0, maxRememberedLength);
  const same = remembered.findLast(({ role, content }) => role === "assistant" && content === text);
  return same?.agent !== undefined;
}

async function recogniseQuestion(
  text: string,
  before: readonly Message[],
  ask: AskAgain,
): Promise<OpenQuestion | undefined> {
  for (const context of before.length === 1 ? [before] : [before, before.slice(-1)]) {
    const asked = await ask(context);
    if (asked?.question === text) return { choices: asked.choices, messages: before };
  }
  return undefined;
}

/** The end of {@link earlierMessages}: most turns need to know no more. */
function lastTwoSaid(
  messages: readonly Message[],
  remembered: readonly RememberedMessage[],
): readonly (Pick<Message, "role" | "content"> | undefined)[] {
  return messages.length > 1 ? [messages.at(-3), messages.at(-2)] : [remembered.at(-2), remembered.at(-1)];
}

/** What was said before the last message: as the client tells it, or as it is remembered of a client that doesn't. */
function earlierMessages(
  messages: readonly Message[],
  remembered: readonly RememberedMessage[],
): readonly Message[] {
  if (messages.length > 1) return messages.slice(0, -1);
  return remembered.map((message) => ({ ...message, format: "text" }));
}
