/** The figures of an evaluation in words, for every kind of report. */
import type { DecisionShares, Evaluation } from "@lmos/router";

/** One line: what it is, and the figure. */
export type Figure = readonly [label: string, value: string];

/** 12.3 % */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** The main figures, in the order in which they are read. */
export function mainFigures(evaluation: Evaluation): readonly Figure[] {
  const { messages, outOfScope, capabilityAccuracy, scopeAuroc, outOfScopeDecisions } = evaluation;
  return [
    ["messages", `${messages}, ${outOfScope} of them for no agent`],
    ["agent right", percent(evaluation.agentAccuracy)],
    ...optional("capability right", capabilityAccuracy),
    ["agent among the best three", percent(evaluation.agentAmongThree)],
    [
      "accepted, right / wrong",
      `${percent(evaluation.acceptedRight)} / ${percent(evaluation.acceptedWrong)}`,
    ],
    ["asked / refused", `${percent(evaluation.decisions.asked)} / ${percent(evaluation.decisions.refused)}`],
    ...scopeFigures(outOfScopeDecisions),
    ...optional("area under the curve of the energy", scopeAuroc),
    ["calibration error", percent(evaluation.calibrationError)],
  ];
}

function optional(label: string, share: number | undefined): readonly Figure[] {
  return share === undefined ? [] : [[label, percent(share)]];
}

function scopeFigures(shares: DecisionShares | undefined): readonly Figure[] {
  if (shares === undefined) return [];
  const { accepted, asked, refused } = shares;
  return [["for no agent: accepted / asked / refused", [accepted, asked, refused].map(percent).join(" / ")]];
}
