import type { Evaluation } from "@lmos/router";
import { mainFigures, percent } from "./figures.ts";

/** Wrong turns listed. */
const maxConfusions = 20;

/** The evaluation as Markdown. */
export function renderEvaluationMarkdown(evaluation: Evaluation): string {
  const wrong = evaluation.confusion.filter(({ expected, actual }) => expected !== actual);
  return [
    "# Routing on labelled messages",
    table(["figure", "value"], mainFigures(evaluation)),
    "## Wrong turns",
    wrong.length === 0
      ? "None."
      : table(
          ["for", "went to", "messages"],
          wrong.slice(0, maxConfusions).map(({ expected, actual, count }) => [expected, actual, `${count}`]),
        ),
    "## Calibration",
    table(
      ["confidence", "messages", "mean confidence", "right"],
      evaluation.calibration.map(({ from, to, count, confidence, accuracy }) => [
        `${from.toFixed(1)}–${to.toFixed(1)}`,
        `${count}`,
        percent(confidence),
        percent(accuracy),
      ]),
    ),
    "## Risk by coverage",
    table(
      ["surest messages", "wrong among them"],
      evaluation.riskCoverage.map(({ coverage, risk }) => [percent(coverage), percent(risk)]),
    ),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(escapeCell).join(" | ")} |`)
    .join("\n");
}

function escapeCell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}
