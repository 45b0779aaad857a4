/**
 * A message in its conversation. Either it speaks for itself, or it goes on with what was said before ("and when?") and
 * says nothing by itself: then it belongs to whoever had the turn. Which of the two it is, its own energy tells: every
 * agent's score competes with the energy threshold, the score of a message that resembles nothing.
 */
import type { AgentCandidate, Ranking, Thresholds } from "./model.ts";

/** Whether a message says of itself that it begins something new ("by the way"). */
export type Bond = "stays" | "leaves";

/** A user's message, ranked by itself. */
export interface RankedTurn {
  readonly ranking: Ranking;
  readonly bond: Bond;
  /** Number of its words. */
  readonly words: number;
}

/** Messages of one conversation. */
export interface RankedConversation {
  /** The user's earlier messages, oldest first. */
  readonly earlier: readonly RankedTurn[];
  readonly current: RankedTurn;
  /** The current message together with the last two before it, as one text. */
  readonly window: Ranking;
}

/** Probability of each agent. */
type Belief = ReadonlyMap<string, number>;

// The two numbers were chosen on bench/router/dialogues/development.txt.
/** Probability that the next message stays with the agent that had the one before: short ones do, long ones may not. */
const stay = { short: 0.9, long: 0.1, shortWords: 4, longWords: 9 };
/** The same for a message that says it begins something new. */
const stayAfterLeave = 0.05;
/** Beyond it a message speaks for itself by all standards, and exp would overflow. */
const maxExponent = 50;

/**
 * The current ranking with the agents' probabilities, and so the margin, as the conversation has it. The energy is that
 * of the message alone. Without earlier messages it is the ranking as it was.
 */
export function rankInConversation(
  { earlier, current, window }: RankedConversation,
  thresholds: Pick<Thresholds, "energy">,
): Ranking {
  if (earlier.length === 0) return current.ranking;
  const even = evenBelief(current.ranking.agents);
  let belief = even;
  for (const turn of earlier) {
    belief = update(expect(belief, turn), turn, { follow: even, ...thresholds });
  }
  const follow = current.bond === "leaves" ? even : beliefOf(window.agents);
  belief = update(expect(belief, current), current, { follow, ...thresholds });
  return withBelief(current.ranking, belief, window);
}

function evenBelief(agents: readonly AgentCandidate[]): Belief {
  return new Map(agents.map(({ agent }) => [agent, 1 / agents.length]));
}

function beliefOf(agents: readonly AgentCandidate[]): Belief {
  return new Map(agents.map(({ agent, probability }) => [agent, probability]));
}

/** What to expect of a message before it is understood: the agent that had the turn, or one of the others. */
function expect(belief: Belief, { bond, words }: RankedTurn): Belief {
  const staying = bond === "leaves" ? stayAfterLeave : stayProbability(words);
  const others = Math.max(belief.size - 1, 1);
  return new Map(
    [...belief].map(([agent, probability]) => [
      agent,
      staying * probability + ((1 - staying) * (1 - probability)) / others,
    ]),
  );
}

function stayProbability(words: number): number {
  const share = (words - stay.shortWords) / (stay.longWords - stay.shortWords);
  return stay.short + (stay.long - stay.short) * Math.min(Math.max(share, 0), 1);
}

/** Bayes: belief times (what the message says for the agent + what a message that says nothing would). */
function update(
  belief: Belief,
  { ranking: { agents, energy }, words }: RankedTurn,
  threshold: { readonly follow: Belief; readonly energy: number },
): Belief {
  const own = Math.exp(Math.min(energy - threshold.energy, maxExponent));
  const empty = stayProbability(words);
  const weighed = agents.map(({ agent, probability }): readonly [string, number] => {
    const evidence = own * probability + empty * (threshold.follow.get(agent) ?? 0);
    return [agent, (belief.get(agent) ?? 0) * evidence];
  });
  const total = weighed.reduce((sum, [, weight]) => sum + weight, 0);
  return total > 0 ? new Map(weighed.map(([agent, weight]) => [agent, weight / total])) : belief;
}

/** A follow-up names no capability by itself: the agent's likeliest is then that of the window. */
function withBelief(ranking: Ranking, belief: Belief, window: Ranking): Ranking {
  const inWindow = new Map(window.agents.map(({ agent, best }) => [agent, best]));
  const agents = ranking.agents
    .map(({ agent, best, probability }): AgentCandidate => {
      const believed = belief.get(agent) ?? 0;
      return {
        agent,
        best: probability < believed ? (inWindow.get(agent) ?? best) : best,
        probability: believed,
      };
    })
    .sort((left, right) => right.probability - left.probability);
  const [first, second] = agents;
  return { ...ranking, agents, margin: (first?.probability ?? 0) - (second?.probability ?? 0) };
}
