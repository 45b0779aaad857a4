/**
 * A message in its conversation. Either it goes on with what was said before ("and when?") and belongs to whoever had
 * the turn, or it turns to another agent, and then its own words say to which. How likely it stays, a logistic model
 * tells from its length, from how much it says by itself, for whom, and from how it reads together with what was said
 * just before.
 */
import type { AgentCandidate, Ranking, Thresholds } from "./model.ts";

/** Whether a message says of itself that it begins something new ("by the way"). */
export type Bond = "stays" | "leaves";

/** A user's message in its place. */
export interface RankedTurn {
  /** The message by itself. */
  readonly ranking: Ranking;
  /** The message together with what was said just before it. */
  readonly window: Ranking;
  readonly bond: Bond;
  /** Number of its words. */
  readonly words: number;
  /** The agent that answered it, where that is known. */
  readonly answeredBy?: string | undefined;
}

/** Messages of one conversation. */
export interface RankedConversation {
  /** The user's earlier messages, oldest first. */
  readonly earlier: readonly RankedTurn[];
  readonly current: RankedTurn;
}

/** Probability of each agent. */
type Belief = ReadonlyMap<string, number>;

// Fitted on the development files of bench/router/dialogues; the constant so that there follow-ups and switches are
// missed as often: bench/router/README.md.
/** The logit of staying: a constant, and what the logarithm of the length and the other signs add to it. */
const logit = {
  base: 5.6,
  length: -3.17,
  energy: -0.35,
  otherAgent: -0.45,
  otherAgentClearly: -0.3,
  inWindow: 0.64,
  leaving: -3,
};
const mostWords = 15;
const energyRange = { least: -3, most: 3, mostClearly: 5 };
/** Keeps the logarithm of a probability finite. */
const leastProbability = 0.02;

/**
 * The current ranking with the agents' probabilities, and so the margin, as the conversation has it. The energy is that
 * of the message alone. Without earlier messages it is the ranking as it was.
 */
export function rankInConversation(
  { earlier, current }: RankedConversation,
  thresholds: Pick<Thresholds, "energy">,
): Ranking {
  const [first, ...others] = earlier;
  if (first === undefined) return current.ranking;
  const believed = others.reduce<Belief>(
    (belief, turn) => afterAnswer(afterMessage(belief, turn, thresholds), turn),
    afterAnswer(probabilitiesOf(first.ranking), first),
  );
  return withBelief(current, afterMessage(believed, current, thresholds));
}

/** Who answered had the turn, whatever the message looked like. */
function afterAnswer(belief: Belief, { answeredBy }: RankedTurn): Belief {
  if (answeredBy === undefined || !belief.has(answeredBy)) return belief;
  return new Map([...belief.keys()].map((agent) => [agent, agent === answeredBy ? 1 : 0]));
}

/** Whoever had the turn keeps it, or it goes to one of the others, as likely as the message itself says. */
function afterMessage(belief: Belief, turn: RankedTurn, thresholds: Pick<Thresholds, "energy">): Belief {
  const own = probabilitiesOf(turn.ranking);
  const stays = stayProbabilities(turn, thresholds);
  const leaves = [...belief].map(([agent, before]): readonly [string, number] => {
    const others = 1 - (own.get(agent) ?? 0);
    return [agent, others <= 0 ? 0 : (before * (1 - (stays.get(agent) ?? 0))) / others];
  });
  const left = leaves.reduce((sum, [, share]) => sum + share, 0);
  const weighed = leaves.map(([agent, share]): readonly [string, number] => {
    const staying = (belief.get(agent) ?? 0) * (stays.get(agent) ?? 0);
    return [agent, staying + (left - share) * (own.get(agent) ?? 0)];
  });
  const total = weighed.reduce((sum, [, weight]) => sum + weight, 0);
  return total > 0 ? new Map(weighed.map(([agent, weight]) => [agent, weight / total])) : belief;
}

function probabilitiesOf({ agents }: Ranking): Belief {
  return new Map(agents.map(({ agent, probability }) => [agent, probability]));
}

/** For every agent: how likely it keeps the turn, if it had it. */
function stayProbabilities(turn: RankedTurn, thresholds: Pick<Thresholds, "energy">): Belief {
  const { ranking, window, bond, words } = turn;
  const surplus = ranking.energy - thresholds.energy;
  const energy = Math.min(Math.max(surplus, energyRange.least), energyRange.most);
  const clearly = Math.min(Math.max(surplus, 0), energyRange.mostClearly);
  const common =
    logit.base +
    logit.length * Math.log(1 + Math.min(words, mostWords)) +
    logit.energy * energy +
    (bond === "leaves" ? logit.leaving : 0);
  const inWindow = probabilitiesOf(window);
  const [first, second] = ranking.agents;
  return new Map(
    ranking.agents.map(({ agent }) => {
      const other = (agent === first?.agent ? second : first)?.probability ?? 0;
      const own =
        logit.otherAgent * Math.log(other + leastProbability) +
        logit.otherAgentClearly * other * clearly +
        logit.inWindow * Math.log((inWindow.get(agent) ?? 0) + leastProbability);
      return [agent, 1 / (1 + Math.exp(-(common + own)))];
    }),
  );
}

/** A follow-up names no capability by itself: the agent's likeliest is then that of the window. */
function withBelief({ ranking, window }: RankedTurn, belief: Belief): Ranking {
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
