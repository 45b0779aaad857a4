/** Which earlier messages count. They do until the conversation has rested or the agent has handed it over. */
import type { ClassifyRequest, HistoryMessage } from "./model.ts";

/** Messages before the current one that are read together with it. */
const windowSize = 2;
/** Earlier messages of the user that are heard about who has the turn. */
const maxEarlier = 4;
/** A conversation that has rested longer than this begins anew. */
const maxIdleMs = 30 * 60 * 1000;
/** A message of the user and what came back. */
export interface Exchange {
  readonly message: string;
  /** Whether a question was asked just before it. */
  readonly followsQuestion: boolean;
  /** Empty where there was no answer. */
  readonly answer: string;
  /** The agent that answered, where the history says so. */
  readonly answeredBy: string | undefined;
}

/** The parts of a conversation that count; undefined when the message stands alone. */
export interface CountedHistory {
  /** Oldest first. */
  readonly earlier: readonly Exchange[];
  /** The last two messages and the current one, as one text. */
  readonly window: string;
  /** Whether a question was asked just before the current message. */
  readonly followsQuestion: boolean;
}

/** What counts of a request's history. */
export function countedHistory(request: ClassifyRequest): CountedHistory | undefined {
  const { message, idleMs = 0, handedOver = false } = request;
  const history = withoutOwn(request.history);
  const earlier = exchangesOf(history).slice(-maxEarlier);
  if (earlier.length === 0 || handedOver || idleMs > maxIdleMs) return undefined;
  const before = history.slice(-windowSize).map(({ content }) => content);
  return {
    earlier,
    window: [...before, message].join(" "),
    followsQuestion: asksBack(earlier.at(-1)?.answer ?? ""),
  };
}

/** What the router's owner answered itself, and what that was about, tells of no agent. */
function withoutOwn(history: readonly HistoryMessage[]): readonly HistoryMessage[] {
  if (history.every(({ isOwn }) => isOwn !== true)) return history;
  return history.filter(({ role, isOwn }, place) => {
    const answer = role === "user" ? history[place + 1] : undefined;
    return isOwn !== true && answer?.isOwn !== true;
  });
}

/** Who has the turn, and what was said since that was known. */
export interface Holding {
  readonly holder: string | undefined;
  /** Oldest first. */
  readonly since: readonly Exchange[];
}

/** Of agents that are not there anymore it doesn't matter what they answered. */
export function heldBy({ earlier }: CountedHistory, isThere: (agent: string) => boolean): Holding {
  const last = earlier.findLastIndex(({ answeredBy }) => answeredBy !== undefined && isThere(answeredBy));
  return { holder: earlier[last]?.answeredBy, since: earlier.slice(last + 1) };
}

/** Whether an answer ends in a question, which what comes next is likely to answer. */
function asksBack(answer: string): boolean {
  return answer.trimEnd().endsWith("?");
}

/** What an assistant says before the first message of the user belongs to none of them. */
function exchangesOf(history: readonly HistoryMessage[]): readonly Exchange[] {
  return history.flatMap(({ role, content }, start) => {
    if (role !== "user") return [];
    const next = history.findIndex((later, at) => at > start && later.role === "user");
    const answers = history.slice(start + 1, next === -1 ? undefined : next);
    const answeredBy = answers.findLast(({ agent }) => agent !== undefined)?.agent;
    return [
      {
        message: content,
        answer: answers.map((one) => one.content).join(" "),
        answeredBy,
        followsQuestion: asksBack(history[start - 1]?.content ?? ""),
      },
    ];
  });
}
