/** The head: everything that is learnt from a catalogue's examples, and the ranking of one message by it. */
import { agentDensity, noDensity } from "./agent-density.ts";
import { layOutClasses } from "./classes.ts";
import { defaultWeights, fitWeights } from "./fit-weights.ts";
import { leaveOneOutRows } from "./leave-one-out.ts";
import type {
  EmbeddedText,
  MatchedExample,
  RankedCapability,
  RankedText,
  Ranking,
  RankingHead,
  ScoreWeights,
  Thresholds,
} from "./model.ts";
import { type QueryRoom, queryRoom } from "./query-room.ts";
import { type ClassScores, type QuerySpace, querySpaceOf, type ScoreSpace } from "./query-space.ts";
import { type RolledUp, rollUp, rollUpBest } from "./roll-up.ts";
import { combineScores, createScoreSpace, scorePair, scoreQuery, type TextWithPair } from "./score-space.ts";
import { logSumExp } from "./softmax.ts";
import { mapInSteps, runSteps, type Steps } from "./steps.ts";
import { fitThresholds, type JudgedExample } from "./thresholds.ts";

const maxMatches = 3;

/** What a head is fitted on. */
export interface HeadInput {
  readonly capabilities: readonly RankedCapability[];
  /** Everyday sentences, most of which no catalogue covers: see {@link backgroundSentences}. */
  readonly background: readonly EmbeddedText[];
  /** False where the head of a changed catalogue is never wanted: its memory is a third then. */
  readonly adaptable?: boolean | undefined;
}

/**
 * Fits the head: weights and thresholds from the examples themselves, each judged as if it were not there.
 * The order of capabilities and examples changes nothing.
 *
 * @throws RankingError for vectors that are not finite or of different lengths.
 */
export function fitHead(input: HeadInput): RankingHead {
  return runSteps(fitHeadInSteps(input));
}

/** {@link fitHead}, pausing every few milliseconds: a catalogue of thousands of examples takes seconds. */
export function* fitHeadInSteps({
  capabilities,
  background,
  adaptable = true,
}: HeadInput): Steps<RankingHead> {
  const layout = layOutClasses(capabilities);
  if (layout.classes.length === 0) return emptyHead;
  const fitting = yield* createScoreSpace(layout);
  const { space } = fitting;
  const rows = yield* leaveOneOutRows(fitting);
  const weights = yield* fitWeights(rows);
  const cost = layout.examples.length * space.dense.dimension;
  const room = queryRoom(space);
  const judge = (scores: ClassScores): RolledUp => rollUp(combineScores(scores, weights), layout);
  const thresholds = fitThresholds(
    yield* mapInSteps(rows, judgeCost * layout.classes.length, ({ scores }) => judged(judge(scores))),
    yield* mapInSteps(background, cost, (text) => judge(scoreQuery(space, text, room).scores).energy),
  );
  return createHead(space, { weights, thresholds }, adaptable);
}

/** What a class costs to be sorted by probability, in multiplications. */
const judgeCost = 200;

function judged({ energy, margin }: RolledUp): JudgedExample {
  return { energy, margin };
}

/** What is learnt from the examples beside the space that they span. */
interface LearntNumbers {
  readonly weights: ScoreWeights;
  readonly thresholds: Thresholds;
}

function createHead(space: ScoreSpace, learnt: LearntNumbers, adaptable: boolean): RankingHead {
  const queries = querySpaceOf(space);
  const texts = space.layout.examples.map(({ text }) => text);
  const ranking = { ...queries, texts, room: queryRoom(queries) };
  return {
    ...learnt,
    rank: rankerOver(ranking, learnt.weights),
    glance: glancerOver(ranking, learnt.weights),
    densityOf: densityOver(ranking),
    adapt: adaptable ? adapterOf(space, learnt) : undefined,
  };
}

/** Functions of their own, so that they hold on to nothing but what they are given. */
function rankerOver(space: RankingSpace, weights: ScoreWeights): RankingHead["rank"] {
  return (query) => rankQuery(space, weights, query);
}

function glancerOver(space: RankingSpace, weights: ScoreWeights): RankingHead["glance"] {
  const { layout, room } = space;
  return (query) => {
    const { scores } = scoreQuery(space, query, room);
    return rollUpBest(combineScores(scores, weights, room.combined[0]), layout, room.probabilities);
  };
}

function densityOver(space: RankingSpace): RankingHead["densityOf"] {
  return (query) => agentDensity(space, query, space.room);
}

function adapterOf(space: ScoreSpace, learnt: LearntNumbers): RankingHead["adapt"] {
  return (capabilities) => adaptHead(capabilities, space, learnt);
}

/** What ranking needs. */
interface RankingSpace extends QuerySpace {
  /** Of the examples. */
  readonly texts: readonly string[];
  /** One text is ranked at a time. */
  readonly room: QueryRoom;
}

function* adaptHead(
  capabilities: readonly RankedCapability[],
  known: ScoreSpace,
  learnt: LearntNumbers,
): Steps<RankingHead> {
  const layout = layOutClasses(capabilities);
  if (layout.classes.length === 0) return emptyHead;
  const { space } = yield* createScoreSpace(layout, known);
  return createHead(space, learnt, true);
}

/** Knows nothing, so that nothing is for it. */
const emptyHead: RankingHead = {
  weights: defaultWeights,
  thresholds: fitThresholds([], []),
  rank: () => ({ agents: [], capabilities: [], energy: 0, margin: 0, matches: [] }),
  glance: () => ({ agent: undefined, probability: 0, energy: 0, margin: 0 }),
  densityOf: () => noDensity,
  adapt: undefined,
};

function rankQuery(space: RankingSpace, weights: ScoreWeights, query: RankedText): Ranking {
  const { text, vector, secondVector } = query;
  if (secondVector !== undefined) return rankPair(space, weights, { text, vector, secondVector });
  const { layout, room } = space;
  const { scores, similarities } = scoreQuery(space, query, room);
  const rolledUp = rollUp(combineScores(scores, weights, room.combined[0]), layout, room.probabilities);
  return { ...rolledUp, matches: nearestExamples(space, similarities) };
}

function rankPair(space: RankingSpace, weights: ScoreWeights, query: TextWithPair): Ranking {
  const { layout, room } = space;
  const { scores, second, similarities } = scorePair(space, query, room);
  const rolledUp = rollUp(combineScores(scores, weights, room.combined[0]), layout, room.probabilities);
  const energy = Math.min(rolledUp.energy, logSumExp(combineScores(second, weights, room.combined[1])));
  const { agents, capabilities, margin } = rolledUp;
  return { capabilities, agents, energy, margin, matches: nearestExamples(space, similarities) };
}

function nearestExamples(
  { layout, texts }: RankingSpace,
  similarities: Float32Array,
): readonly MatchedExample[] {
  return largest(similarities, maxMatches).flatMap((index) => {
    const own = layout.classes[layout.classOf[index] ?? 0];
    const text = texts[index];
    if (own === undefined || text === undefined) return [];
    return [{ agent: own.agent, capability: own.capability, text, similarity: similarities[index] ?? 0 }];
  });
}

/** Indexes of the largest values, largest first; of equal ones those that come first. */
function largest(values: Float32Array, count: number): readonly number[] {
  const found: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (found.length === count && value <= least) continue;
    let place = Math.min(found.length, count - 1);
    for (; place > 0 && (values[found[place - 1] ?? 0] ?? 0) < value; place--)
      found[place] = found[place - 1] ?? 0;
    found[place] = index;
    least = values[found.at(-1) ?? 0] ?? 0;
  }
  return found;
}
