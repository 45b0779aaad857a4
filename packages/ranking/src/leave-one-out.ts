/** Which examples are scored as if they were messages, to learn weights and thresholds from them. */
import type { ClassLayout } from "./classes.ts";
import type { ClassScores } from "./query-space.ts";
import { type FittingSpace, scorerLeftOut } from "./score-space.ts";
import { mapInSteps, type Steps } from "./steps.ts";

/** More examples than this add time and no accuracy. */
const maxRows = 2000;
/** In very large catalogues fewer, so that time (similarities to all examples) and memory (scores) stay bounded. */
const maxSimilarities = 10_000_000;
const maxScores = 1_000_000;
const minRows = 200;

/** An example, scored without itself. */
export interface LeaveOneOutRow {
  /** Index of the example. */
  readonly self: number;
  /** Index of the class that it belongs to. */
  readonly ownClass: number;
  readonly scores: ClassScores;
}

/** Scores of every example that another one of its class can stand in for, at most 2,000, spread over the classes. */
export function* leaveOneOutRows(fitting: FittingSpace): Steps<readonly LeaveOneOutRow[]> {
  const { layout } = fitting.space;
  const messages = eligibleExamples(layout).filter((index) => layout.examples[index]?.synthetic === false);
  return yield* scoreRows(fitting, messages.slice(0, rowLimit(layout)));
}

/** The same for descriptions: would a capability's own examples claim it? */
export function* leftOutDescriptions(fitting: FittingSpace): Steps<readonly LeaveOneOutRow[]> {
  const { layout } = fitting.space;
  const described = eligibleExamples(layout).filter((index) => layout.examples[index]?.synthetic === true);
  return yield* scoreRows(fitting, described.slice(0, rowLimit(layout)));
}

function* scoreRows(fitting: FittingSpace, chosen: readonly number[]): Steps<readonly LeaveOneOutRow[]> {
  const { layout, dense } = fitting.space;
  const cost = (layout.examples.length + 2 * layout.classes.length) * dense.dimension;
  return yield* mapInSteps(withScorers(fitting, chosen), cost, ({ self, ownClass, scoresOf }) => ({
    self,
    ownClass,
    scores: scoresOf(self),
  }));
}

/** The examples class by class, because those of a class share what scores them. */
function* withScorers(fitting: FittingSpace, examples: readonly number[]) {
  const byClass = Map.groupBy(examples, (example) => fitting.space.layout.classOf[example] ?? 0);
  for (const [ownClass, own] of byClass) {
    const scoresOf = scorerLeftOut(fitting, ownClass);
    for (const self of own) yield { self, ownClass, scoresOf };
  }
}

function rowLimit({ classes, examples }: ClassLayout): number {
  const affordable = Math.min(maxSimilarities / examples.length, maxScores / classes.length);
  return Math.min(maxRows, Math.max(minRows, Math.floor(affordable)));
}

/** The first example of every class, then the second of every class, and so on, where the class has others. */
function eligibleExamples({ classes, examples }: ClassLayout): readonly number[] {
  const ranked = classes
    .filter(({ start, end }) => end - start >= 2)
    .flatMap(({ start, end }) =>
      examples.slice(start, end).map((_, rank) => ({ rank, index: start + rank })),
    );
  return ranked.sort((left, right) => left.rank - right.rank).map(({ index }) => index);
}
