/** Which examples are scored as if they were messages, to learn weights and thresholds from them. */
import type { ClassLayout } from "./classes.ts";
import { type ClassScores, type ScoreSpace, scoreWithoutSelf } from "./score-space.ts";

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
  return eligibleExamples(space.layout)
    .slice(0, maxRows)
    .map((example) => ({
      ownClass: space.layout.classOf[example] ?? 0,
      scores: scoreWithoutSelf(space, example),
    }));
}

/** The first example of every class, then the second of every class, and so on; descriptions are no messages. */
function eligibleExamples(layout: ClassLayout): readonly number[] {
  const eligible = layout.classes.flatMap(({ start, end }) =>
    end - start < 2
      ? []
      : layout.examples
          .slice(start, end)
          .flatMap((example, position) => (example.synthetic ? [] : [{ position, index: start + position }])),
  );
  return eligible.toSorted((a, b) => a.position - b.position || a.index - b.index).map(({ index }) => index);
}
