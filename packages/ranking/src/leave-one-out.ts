/** Which examples are scored as if they were messages, to learn weights and thresholds from them. */
import type { ClassLayout } from "./classes.ts";
import { type ClassScores, type ScoreSpace, scoreLeftOut } from "./score-space.ts";

/** More examples than this add time and no accuracy. */
const maxRows = 2000;

/** An example, scored without itself. */
export interface LeaveOneOutRow {
  /** Index of the class that it belongs to. */
  readonly ownClass: number;
  readonly scores: ClassScores;
}

/** Scores of every example that another one of its class can stand in for, at most 2,000, spread over the classes. */
export function leaveOneOutRows(space: ScoreSpace): readonly LeaveOneOutRow[] {
  const chosen = Map.groupBy(
    eligibleExamples(space.layout).slice(0, maxRows),
    (example) => space.layout.classOf[example] ?? 0,
  );
  return [...chosen].flatMap(([ownClass, examples]) =>
    scoreLeftOut(space, ownClass, examples).map((scores) => ({ ownClass, scores })),
  );
}

/** The first example of every class, then the second of every class, and so on; descriptions are no messages. */
function eligibleExamples({ classes, examples }: ClassLayout): readonly number[] {
  const ranked = classes
    .filter(({ start, end }) => end - start >= 2)
    .flatMap(({ start, end }) =>
      examples.slice(start, end).map((_, rank) => ({ rank, index: start + rank })),
    );
  return ranked
    .filter(({ index }) => examples[index]?.synthetic === false)
    .sort((left, right) => left.rank - right.rank)
    .map(({ index }) => index);
}
