/**
 * A message in its conversation. Either it speaks for itself, or it goes on with what was said before ("and when?") and
 * says nothing by itself: then it belongs to whoever had the turn. Which of the two it is, its length and its own energy
 * tell: every agent's score competes with the energy threshold, the score of a message that resembles nothing.
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
  /** The agent that answered it, where that is known. */
  readonly answeredBy?: string | undefined;
}

/** Messages of one conversation. */
export interface RankedConversation {
  /** The user's earlier messages, oldest first. */
  readonly earlier: readonly RankedTurn[];
  readonly current: RankedTurn;
  /** The current message together with the one before it, as one text: what "that" and "there" may stand for. */
  readonly joined: Ranking;
}

/** Probability of each agent. */
type Belief = ReadonlyMap<string, number>;

// These numbers were chosen on the development files of bench/router/dialogues.
/** Logit of the probability that a message stays with the agent: so much, less with every word, up to twelve. */
const stayLogit = { base: 4, perWord: -0.6, mostWords: 12, leaving: -3 };
/** What a message that says nothing by itself says for the agent that has the turn. */
const silence = 0.6;
/** Beyond it a message speaks for itself by all standards, and exp would overflow. */
const maxExponent = 50;
/** The same for a message together with the one before it, most of which is not the user's. */
const maxJoinedExponent = 3;

/**
 * The current ranking with the agents' probabilities, and so the margin, as the conversation has it. The energy is that
 * of the message alone. Without earlier messages it is the ranking as it was.
 */
export function rankInConversation(
  { earlier, current, joined }: RankedConversation,
  thresholds: Pick<Thresholds, "energy">,
): Ranking {
  if (earlier.length === 0) return current.ranking;
  const believed = earlier.reduce<Belief>(
    (belief, turn) => afterAnswer(update(belief, turn, noEvidence, thresholds), turn),
    evenBelief(current.ranking.agents),
  );
  const evidence = evidenceOf(joined, thresholds, maxJoinedExponent);
  return withBelief(current.ranking, update(believed, current, evidence, thresholds), joined);
}

function evenBelief(agents: readonly AgentCandidate[]): Belief {
  return new Map(agents.map(({ agent }) => [agent, 1 / agents.length]));
}

/** Who answered had the turn, whatever the message looked like. */
function afterAnswer(belief: Belief, { answeredBy }: RankedTurn): Belief {
  if (answeredBy === undefined || !belief.has(answeredBy)) return belief;
  return new Map([...belief.keys()].map((agent) => [agent, agent === answeredBy ? 1 : 0]));
}

function stayProbability({ words, bond }: RankedTurn): number {
  const { base, perWord, mostWords, leaving } = stayLogit;
  const logit = base + perWord * Math.min(words, mostWords) + (bond === "leaves" ? leaving : 0);
  return 1 / (1 + Math.exp(-logit));
}

/** How much a text says for every agent, measured against a text that resembles nothing. */
type Evidence = (agent: string) => number;

const noEvidence: Evidence = () => 0;

function evidenceOf(
  { agents, energy }: Ranking,
  thresholds: Pick<Thresholds, "energy">,
  most: number,
): Evidence {
  const strength = Math.exp(Math.min(energy - thresholds.energy, most));
  const probabilities = new Map(agents.map(({ agent, probability }) => [agent, probability]));
  return (agent) => strength * (probabilities.get(agent) ?? 0);
}

/** Bayes: the agent that has the turn may keep it in silence, another must be asked for. */
function update(
  belief: Belief,
  turn: RankedTurn,
  joined: Evidence,
  thresholds: Pick<Thresholds, "energy">,
): Belief {
  const own = evidenceOf(turn.ranking, thresholds, maxExponent);
  const stay = stayProbability(turn);
  const weighed = [...belief].map(([agent, before]): readonly [string, number] => {
    const staying = before * stay * (own(agent) + silence);
    const switching = (1 - before) * (1 - stay) * (own(agent) + joined(agent));
    return [agent, staying + switching];
  });
  const total = weighed.reduce((sum, [, weight]) => sum + weight, 0);
  return total > 0 ? new Map(weighed.map(([agent, weight]) => [agent, weight / total])) : belief;
}

/** A follow-up names no capability by itself: the agent's likeliest is then that of the joined messages. */
function withBelief(ranking: Ranking, belief: Belief, joined: Ranking): Ranking {
  const inJoined = new Map(joined.agents.map(({ agent, best }) => [agent, best]));
  const agents = ranking.agents
    .map(({ agent, best, probability }): AgentCandidate => {
      const believed = belief.get(agent) ?? 0;
      return {
        agent,
        best: probability < believed ? (inJoined.get(agent) ?? best) : best,
        probability: believed,
      };
    })
    .sort((left, right) => right.probability - left.probability);
  const [first, second] = agents;
  return { ...ranking, agents, margin: (first?.probability ?? 0) - (second?.probability ?? 0) };
}
