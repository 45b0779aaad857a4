/** The head: everything that is learnt from a catalogue's examples, and the ranking of one message by it. */
import { layOutClasses } from "./classes.ts";
import { defaultWeights, fitWeights } from "./fit-weights.ts";
import { leaveOneOutRows } from "./leave-one-out.ts";
import type {
  EmbeddedText,
  MatchedExample,
  RankedCapability,
  Ranking,
  RankingHead,
  ScoreWeights,
} from "./model.ts";
import { type RolledUp, rollUp } from "./roll-up.ts";
import {
  type ClassScores,
  combineScores,
  createScoreSpace,
  type ScoreSpace,
  scoreQuery,
} from "./score-space.ts";
import { fitThresholds } from "./thresholds.ts";

const maxMatches = 3;

/** What a head is fitted on. */
export interface HeadInput {
  readonly capabilities: readonly RankedCapability[];
  /** Everyday sentences, most of which no catalogue covers: see {@link backgroundSentences}. */
  readonly background: readonly EmbeddedText[];
}

/**
 * Fits the head: weights and thresholds from the examples themselves, each judged as if it were not there.
 * The order of capabilities and examples changes nothing.
 *
 * @throws RankingError for vectors that are not finite or of different lengths.
 */
export function fitHead({ capabilities, background }: HeadInput): RankingHead {
  const layout = layOutClasses(capabilities);
  if (layout.classes.length === 0) return emptyHead;
  const space = createScoreSpace(layout);
  const rows = leaveOneOutRows(space);
  const weights = fitWeights(rows);
  const judge = (scores: ClassScores): RolledUp => rollUp(combineScores(scores, weights), layout);
  const judgedExamples = rows.map((row) => judge(row.scores));
  const judgedBackground = background.map((sentence) => judge(scoreQuery(space, sentence).scores));
  return {
    weights,
    thresholds: fitThresholds(
      judgedExamples,
      judgedBackground.map(({ energy }) => energy),
    ),
    rank: (query) => rankQuery(space, weights, query),
  };
}

/** Knows nothing, so that nothing is for it. */
const emptyHead: RankingHead = {
  weights: defaultWeights,
  thresholds: fitThresholds([], []),
  rank: () => ({ agents: [], capabilities: [], energy: 0, margin: 0, matches: [] }),
};

function rankQuery(space: ScoreSpace, weights: ScoreWeights, query: EmbeddedText): Ranking {
  const { scores, similarities } = scoreQuery(space, query);
  const rolledUp = rollUp(combineScores(scores, weights), space.layout);
  return { ...rolledUp, matches: nearestExamples(space, similarities) };
}

function nearestExamples({ layout }: ScoreSpace, similarities: Float32Array): readonly MatchedExample[] {
  return largest(similarities, maxMatches).flatMap((index) => {
    const own = layout.classes[layout.classOf[index] ?? 0];
    const text = layout.examples[index]?.text;
    if (own === undefined || text === undefined) return [];
    return [{ agent: own.agent, capability: own.capability, text, similarity: similarities[index] ?? 0 }];
  });
}

/** Indexes of the largest values, largest first. */
function largest(values: Float32Array, count: number): readonly number[] {
  const found: number[] = [];
  for (const [index, value] of values.entries()) {
    const last = found[count - 1];
    if (last !== undefined && value <= (values[last] ?? 0)) continue;
    found.push(index);
    found.sort((left, right) => (values[right] ?? 0) - (values[left] ?? 0));
    found.length = Math.min(found.length, count);
  }
  return found;
}
