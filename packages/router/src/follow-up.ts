/** Whether a message that resembles nothing goes on with its conversation, and what is asked in one. */
import type { ConversationRanking, Ranking, Thresholds } from "@lmos/ranking";
import { wordsOf } from "./words.ts";

/** A message with more words that resembles nothing is no follow-up: it is something new. */
const longestFollowUp = 12;
/** A message which resembles nothing stays where having had the turn makes its agent so many times likelier. */
const leastStayFactor = 1;
/** So likely must another agent be for such a message to go there. */
const leastBelief = 0.7;
/** Where another agent is a little likelier by what it resembles, it must look so much more like going on to stay. */
const leastStayFactorAgainst = 4;
/** A message that resembles nothing is asked about unless its agent is likelier than all others together. */
const leastBeliefToStay = 0.5;
/** Beyond any margin that two agents may have: it is asked in any case. */
const alwaysAsked = 1;
/** In a conversation nothing is asked beyond this margin; small catalogues would ask up to 0.8. */
const largestMargin = 0.3;

/** How a message is ranked in its conversation, and what is known of who had the turn. */
export interface FollowedRanking extends ConversationRanking {
  readonly holder: string | undefined;
}

/** A ranking in its conversation, ready to be decided about. */
export interface FollowUp {
  readonly ranking: Ranking;
  /** Whether it may go on, and no more is known: it is for the user, or a language model, to say. */
  readonly isOpen: boolean;
}

/**
 * The ranking with an energy that lets a follow-up pass: a short message that resembles nothing by itself is as much for
 * the agent that has the turn as the conversation is, if that is where it goes and it looks like going on. Going
 * elsewhere, it must be surer; where it is not, and looks much like going on, what it resembles counts for nobody. What
 * only may go on is neither refused nor given to anybody: it is open.
 */
export function withFollowUp(
  { ranking, stayFactor, holder }: FollowedRanking,
  { text, thresholds }: { readonly text: string; readonly thresholds: Thresholds },
): FollowUp {
  const asItIs = { ranking, isOpen: false };
  const [best] = ranking.agents;
  if (best === undefined || ranking.energy >= thresholds.energy) return asItIs;
  if (wordsOf(text).length > longestFollowUp) return asItIs;
  const passing = { ...ranking, energy: thresholds.energy };
  const stays = holder === undefined || holder === best.agent;
  if (!stays && best.probability >= leastBelief) return { ranking: passing, isOpen: false };
  if (stayFactor < leastStayFactor) return asItIs;
  if (stays) return { ranking: passing, isOpen: best.probability < leastBeliefToStay };
  if (ranking.agents.every(({ agent }) => agent !== holder)) return asItIs;
  return stayFactor >= leastStayFactorAgainst
    ? { ranking: byTurnAlone(passing, { stayFactor, holder }), isOpen: false }
    : { ranking: nextTo(passing, holder), isOpen: true };
}

/** Who has the turn comes second: among several it would not be offered. */
function nextTo(ranking: Ranking, holder: string | undefined): Ranking {
  const [best, ...others] = ranking.agents;
  const [held, rest] = [true, false].map((isHeld) =>
    others.filter(({ agent }) => (agent === holder) === isHeld),
  );
  return best === undefined ? ranking : { ...ranking, agents: [best, ...(held ?? []), ...(rest ?? [])] };
}

/**
 * Whether a short message of which too little can be read goes on all the same: a name, a number, an address or a thumb up
 * in answer to who has the turn.
 */
export function staysUnread(
  { ranking, stayFactor, holder }: FollowedRanking,
  { text, isForeign }: { readonly text: string; readonly isForeign: boolean },
): boolean {
  if (isForeign || holder === undefined || ranking.agents[0]?.agent !== holder) return false;
  return stayFactor >= leastStayFactorAgainst && wordsOf(text).length <= longestFollowUp;
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
 * the message stays with the agent that has the turn nothing is asked: leaving was weighed up against it already. What is
 * open is always asked about.
 */
export function inTurn(
  thresholds: Thresholds,
  { ranking, holder, isOpen }: FollowUp & Pick<FollowedRanking, "holder">,
): Thresholds {
  if (isOpen) return { ...thresholds, margin: alwaysAsked };
  const stays = holder !== undefined && ranking.agents[0]?.agent === holder;
  return { ...thresholds, margin: stays ? 0 : Math.min(thresholds.margin, largestMargin) };
}
