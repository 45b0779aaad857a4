/**
 * Which earlier messages count, and how a message reads with them. They count until the conversation has rested, the
 * agent has handed it over, or the message has so much to say for itself that nothing is missing from it.
 */
import type { Ranking, Thresholds } from "@lmos/ranking";
import type { ClassifyRequest, HistoryMessage } from "./model.ts";
import { wordsOf } from "./words.ts";

/** Messages before the current one that are read together with it. */
const windowSize = 2;
/** Earlier messages of the user that are heard about who has the turn. */
const maxEarlier = 4;
/** A conversation that has rested longer than this begins anew. */
const maxIdleMs = 30 * 60 * 1000;
/** A message with more words that resembles nothing is no follow-up: it is something new. */
const longestFollowUp = 12;
/** The agent must be so likely for a message that says nothing by itself to stay with it. */
const leastBelief = 0.5;
/** In a conversation nothing is asked beyond this margin; small catalogues would ask up to 0.8. */
const largestMargin = 0.3;

/** A message of the user and what came back. */
export interface Exchange {
  readonly message: string;
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
}

/** What counts of a request's history. */
export function countedHistory(request: ClassifyRequest): CountedHistory | undefined {
  const { message, history, idleMs = 0, handedOver = false } = request;
  const earlier = exchangesOf(history).slice(-maxEarlier);
  if (earlier.length === 0 || handedOver || idleMs > maxIdleMs) return undefined;
  const before = history.slice(-windowSize).map(({ content }) => content);
  return { earlier, window: [...before, message].join(" ") };
}

/** What an assistant says before the first message of the user belongs to none of them. */
function exchangesOf(history: readonly HistoryMessage[]): readonly Exchange[] {
  return history.flatMap(({ role, content }, start) => {
    if (role !== "user") return [];
    const next = history.findIndex((later, at) => at > start && later.role === "user");
    const answers = history.slice(start + 1, next === -1 ? undefined : next);
    const answeredBy = answers.findLast(({ agent }) => agent !== undefined)?.agent;
    return [{ message: content, answer: answers.map((one) => one.content).join(" "), answeredBy }];
  });
}

/**
 * The ranking with an energy that lets a follow-up pass: a short message that says nothing by itself is as much for the
 * agent that has the turn as the conversation is.
 */
export function withFollowUp(
  ranking: Ranking,
  { text, thresholds }: { readonly text: string; readonly thresholds: Thresholds },
): Ranking {
  const [best] = ranking.agents;
  const isFollowUp =
    wordsOf(text).length <= longestFollowUp && best !== undefined && best.probability >= leastBelief;
  return isFollowUp ? { ...ranking, energy: Math.max(ranking.energy, thresholds.energy) } : ranking;
}

/** The thresholds in a conversation: between going on and something new there is less doubt than between two agents. */
export function inTurn(thresholds: Thresholds): Thresholds {
  return { ...thresholds, margin: Math.min(thresholds.margin, largestMargin) };
}
