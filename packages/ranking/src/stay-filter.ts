/**
 * A message in its conversation. Either it goes on with what was said before ("and when?") and belongs to whoever had
 * the turn, or it turns to another agent, and then its own words say to which. Both are one choice among the agents:
 * each is as likely as the message lies close to its examples, and whoever had the turn is likelier by a factor that
 * the signs of the message tell. That factor is all that the conversation adds, so that every part of it can be read.
 */
import type { AgentCandidate, AgentDensity, Ranking } from "./model.ts";

/** What a message looks like, whatever it is about. */
export interface TurnSigns {
  /** Number of its words. */
  readonly words: number;
  /** Whether it says of itself that it begins something new ("by the way"). */
  readonly beginsAnew: boolean;
  /** Whether a question was asked just before it. */
  readonly followsQuestion: boolean;
  /** Whether it goes on with a sentence said before ("and in April?"). */
  readonly goesOn: boolean;
  /** Whether it stands for something said before by a pronoun ("how much is it?"). */
  readonly refersBack: boolean;
  /** Whether it puts right what was said before ("no, I meant …"). */
  readonly corrects: boolean;
  /** Whether it has words, and none that names anything ("and how long does that take?"). */
  readonly namesNothing: boolean;
}

/** A user's message in its place. */
export interface RankedTurn {
  /** The message by itself. */
  readonly ranking: Ranking;
  /** Among whose examples it lies. */
  readonly density: AgentDensity;
  readonly signs: TurnSigns;
}

/** Messages of one conversation. */
export interface RankedConversation {
  /** The last agent of which it is known that it answered; undefined where nobody is known to have. */
  readonly holder: string | undefined;
  /** What the user said since then, oldest first: who answered is guessed. */
  readonly earlier: readonly RankedTurn[];
  readonly current: RankedTurn;
  /** The current message together with what was said just before it. */
  readonly window: Ranking;
}

/** Probability of each agent. */
type Belief = ReadonlyMap<string, number>;

// Fitted on the development files of bench/router/dialogues; the constant so that there follow-ups and switches are
// missed as often: bench/router/README.md and docs/decisions/2026-11-30-a-conversation-is-one-choice-among-agents.md.
/** The logarithm of the factor: a constant, and what the signs add to it. */
const logFactor = {
  base: 9.5,
  /** For the logarithm of the number of words: a short message rather stays. */
  length: -5.86,
  /** For the entropy of the density, as a share of the most that it can be: what says nothing stays. */
  doubt: 1.51,
  beginsAnew: -1.82,
  followsQuestion: 2.63,
  goesOn: 0.73,
  refersBack: 1,
  corrects: 1,
  namesNothing: 2,
};
const mostWords = 15;
/** What the message alone says counts a little less than it says, and no agent is less likely than this by it. */
const ownExponent = 0.83;
const leastProbability = Math.exp(-4);

/** A ranking in its conversation, with what the conversation did to it. */
export interface ConversationRanking {
  readonly ranking: Ranking;
  /** How many times likelier whoever had the turn became by having had it; 1 where nothing was said before. */
  readonly stayFactor: number;
}

/**
 * The current ranking with the agents' probabilities, and so the margin, as the conversation has it. The energy is that
 * of the message alone. Where nothing was said before, it is the ranking as it was.
 */
export function rankInConversation({
  holder,
  earlier,
  current,
  window,
}: RankedConversation): ConversationRanking {
  const agents = current.ranking.agents.map(({ agent }) => agent);
  const start = agents.includes(holder ?? "") ? heldBy(holder, agents) : undefined;
  const before = earlier.reduce<Belief | undefined>((belief, turn) => believe(belief, turn), start);
  if (before === undefined) return { ranking: current.ranking, stayFactor: 1 };
  const after = believe(before, current);
  return {
    ranking: withBelief(current.ranking, window, { before, after }),
    stayFactor: stayFactor(current),
  };
}

function heldBy(holder: string | undefined, agents: readonly string[]): Belief {
  return new Map(agents.map((agent) => [agent, agent === holder ? 1 : 0]));
}

/** Whom the message is for: the agent that had the turn has the factor, whoever that was. */
function believe(belief: Belief | undefined, turn: RankedTurn): Belief {
  if (belief === undefined) return probabilitiesOf(turn.ranking);
  const factor = stayFactor(turn);
  const own = [...belief.keys()].map((agent): readonly [string, number] => [
    agent,
    Math.max(turn.density.probabilities.get(agent) ?? 0, leastProbability) ** ownExponent,
  ]);
  const sum = own.reduce((total, [, weight]) => total + weight, 0);
  const shares = new Map(
    own.map(([agent, weight]) => [agent, (belief.get(agent) ?? 0) / (sum + weight * (factor - 1))]),
  );
  const common = [...shares.values()].reduce((total, share) => total + share, 0);
  return new Map(
    own.map(([agent, weight]) => [agent, weight * (common + (shares.get(agent) ?? 0) * (factor - 1))]),
  );
}

function probabilitiesOf({ agents }: Ranking): Belief {
  return new Map(agents.map(({ agent, probability }) => [agent, probability]));
}

/**
 * How many times likelier whoever had the turn is than the message alone says. Times the number of the others: how often
 * a turn is left doesn't depend on how many it can be left for.
 */
function stayFactor({ density, signs }: RankedTurn): number {
  const others = Math.max(density.probabilities.size - 1, 1);
  const logarithm =
    logFactor.base +
    logFactor.length * Math.log(1 + Math.min(signs.words, mostWords)) +
    logFactor.doubt * doubtOf(density) +
    (signs.beginsAnew ? logFactor.beginsAnew : 0) +
    (signs.followsQuestion ? logFactor.followsQuestion : 0) +
    (signs.goesOn ? logFactor.goesOn : 0) +
    (signs.refersBack ? logFactor.refersBack : 0) +
    (signs.corrects ? logFactor.corrects : 0) +
    (signs.namesNothing ? logFactor.namesNothing : 0);
  return others * Math.exp(logarithm);
}

/** 0 where all of the density is one agent's, 1 where all have the same. */
function doubtOf({ probabilities }: AgentDensity): number {
  if (probabilities.size < 2) return 0;
  const entropy = [...probabilities.values()].reduce(
    (sum, probability) => (probability > 0 ? sum - probability * Math.log(probability) : sum),
    0,
  );
  return entropy / Math.log(probabilities.size);
}

/** A follow-up names no capability by itself: the likeliest of whoever had the turn is then that of the window. */
function withBelief(
  ranking: Ranking,
  window: Ranking,
  { before, after }: { readonly before: Belief; readonly after: Belief },
): Ranking {
  const inWindow = new Map(window.agents.map(({ agent, best }) => [agent, best]));
  const agents = ranking.agents
    .map(({ agent, best, probability }): AgentCandidate => {
      const believed = after.get(agent) ?? 0;
      const keepsTurn = (before.get(agent) ?? 0) >= 0.5 && probability < believed;
      return {
        agent,
        best: keepsTurn ? (inWindow.get(agent) ?? best) : best,
        probability: believed,
      };
    })
    .sort((left, right) => right.probability - left.probability);
  const [first, second] = agents;
  return { ...ranking, agents, margin: (first?.probability ?? 0) - (second?.probability ?? 0) };
}
