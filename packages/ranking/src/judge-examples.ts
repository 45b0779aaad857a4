/** What the catalogue makes of its own texts: each is ranked as if it were a message and not in the catalogue. */
import { layOutClasses } from "./classes.ts";
import { fitWeights } from "./fit-weights.ts";
import { type LeaveOneOutRow, leaveOneOutRows, leftOutDescriptions } from "./leave-one-out.ts";
import type { CapabilityCandidate, RankedCapability } from "./model.ts";
import { rollUp } from "./roll-up.ts";
import { combineScores, createScoreSpace } from "./score-space.ts";
import type { Steps } from "./steps.ts";

/** One text of the catalogue and where it would go without itself. */
export interface JudgedText {
  readonly agent: string;
  readonly capability: string;
  readonly text: string;
  /** True for a description. */
  readonly synthetic: boolean;
  /** The likeliest capability. */
  readonly best: CapabilityCandidate;
}

/**
 * Judges at most 2,000 examples and as many descriptions, spread over the capabilities. A capability's only text
 * cannot be left out and is not judged.
 *
 * @throws RankingError for vectors that are not finite or of different lengths.
 */
export function* judgeExamples(capabilities: readonly RankedCapability[]): Steps<readonly JudgedText[]> {
  const layout = layOutClasses(capabilities);
  if (layout.classes.length === 0) return [];
  const fitting = yield* createScoreSpace(layout);
  const rows = yield* leaveOneOutRows(fitting);
  const weights = yield* fitWeights(rows);
  const described = yield* leftOutDescriptions(fitting);
  const judge = ({ self, ownClass, scores }: LeaveOneOutRow): readonly JudgedText[] => {
    const [best] = rollUp(combineScores(scores, weights), layout).capabilities;
    const own = layout.classes[ownClass];
    const example = layout.examples[self];
    if (best === undefined || own === undefined || example === undefined) return [];
    const { text, synthetic } = example;
    return [{ agent: own.agent, capability: own.capability, text, synthetic, best }];
  };
  return [...rows, ...described].flatMap(judge);
}
