/**
 * Which earlier messages count, and how a message reads with them. They count until the conversation has rested, the
 * agent has handed it over, or the message has so much to say for itself that nothing is missing from it.
 */
import type { ConversationRanking, Ranking, Thresholds } from "@lmos/ranking";
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
/** A message which resembles nothing stays where having had the turn makes its agent so many times likelier. */
const leastStayFactor = 1;
/** So likely must another agent be for such a message to go there. */
const leastBelief = 0.7;
/** Where another agent is a little likelier by what it resembles, it must look so much more like going on to stay. */
const leastStayFactorAgainst = 4;
/** In a conversation nothing is asked beyond this margin; small catalogues would ask up to 0.8. */
const largestMargin = 0.3;

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
  const { message, history, idleMs = 0, handedOver = false } = request;
  const earlier = exchangesOf(history).slice(-maxEarlier);
  if (earlier.length === 0 || handedOver || idleMs > maxIdleMs) return undefined;
  const before = history.slice(-windowSize).map(({ content }) => content);
  return {
    earlier,
    window: [...before, message].join(" "),
    followsQuestion: asksBack(earlier.at(-1)?.answer ?? ""),
  };
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

/** How a message is ranked in its conversation, and what is known of who had the turn. */
export interface FollowedRanking extends ConversationRanking {
  readonly holder: string | undefined;
}

/**
 * The ranking with an energy that lets a follow-up pass: a short message that resembles nothing by itself is as much for
 * the agent that has the turn as the conversation is, if that is where it goes and it looks like going on. Going
 * elsewhere, it must be surer; where it is not, and looks much like going on, what it resembles counts for nobody.
 */
export function withFollowUp(
  { ranking, stayFactor, holder }: FollowedRanking,
  { text, thresholds }: { readonly text: string; readonly thresholds: Thresholds },
): Ranking {
  const [best] = ranking.agents;
  if (best === undefined || ranking.energy >= thresholds.energy) return ranking;
  if (wordsOf(text).length > longestFollowUp) return ranking;
  const passing = { ...ranking, energy: thresholds.energy };
  const stays = holder === undefined || holder === best.agent;
  if (stays ? stayFactor >= leastStayFactor : best.probability >= leastBelief) return passing;
  const isThere = ranking.agents.some(({ agent }) => agent === holder);
  return isThere && !stays && stayFactor >= leastStayFactorAgainst
    ? byTurnAlone(passing, { stayFactor, holder })
    : ranking;
}

/** What a ranking is where all that counts is who had the turn. */
function byTurnAlone(
  ranking: Ranking,
  { stayFactor, holder }: Pick<FollowedRanking, "stayFactor" | "holder">,
): Ranking {
  const others = ranking.agents.length - 1;
  const share = 1 / (stayFactor + others);
  const agents = ranking.agents
    .map((candidate) => ({
      ...candidate,
      probability: candidate.agent === holder ? stayFactor * share : share,
    }))
    .sort((left, right) => right.probability - left.probability);
  return { ...ranking, agents, margin: (stayFactor - 1) * share };
}

/**
 * The thresholds in a conversation: between going on and something new there is less doubt than between two agents. Where
 * the message stays with the agent that has the turn nothing is asked: leaving was weighed up against it already.
 */
export function inTurn(
  thresholds: Thresholds,
  { ranking, holder }: Pick<FollowedRanking, "ranking" | "holder">,
): Thresholds {
  const stays = holder !== undefined && ranking.agents[0]?.agent === holder;
  return { ...thresholds, margin: stays ? 0 : Math.min(thresholds.margin, largestMargin) };
}
