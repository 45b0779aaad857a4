/** The evaluation as one HTML file: no scripts, no fonts, nothing fetched. */
import type { Confusion, Evaluation } from "@lmos/router";
import { escapeText } from "./escape.ts";
import { mainFigures } from "./figures.ts";
import { confusionPlot, linePlot } from "./svg.ts";

const style =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}" +
  "table{border-collapse:collapse}td,th{padding:.2rem .8rem;border-bottom:1px solid #ddd;text-align:left}" +
  "svg{max-width:100%;height:auto}figure{margin:2rem 0}figcaption{color:#444}";

/** Wrong turns listed. */
const maxConfusions = 50;

/** The whole page. */
export function renderEvaluationHtml(evaluation: Evaluation): string {
  const calibration = evaluation.calibration.map(({ confidence, accuracy }) => ({
    x: confidence,
    y: accuracy,
  }));
  const risk = evaluation.riskCoverage.map(({ coverage, risk: y }) => ({ x: coverage, y }));
  const wrong = evaluation.confusion.filter(({ expected, actual }) => expected !== actual);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Routing on labelled messages</title><style>${style}</style></head><body>
<h1>Routing on labelled messages</h1>
${table(["figure", "value"], mainFigures(evaluation))}
${figure("Calibration: of the messages with a confidence, so many are right. On the dashed line they agree.", linePlot(calibration, { x: "confidence", y: "right", diagonal: true }))}
${figure("Risk by coverage: of the surest messages, so many are wrong.", linePlot(risk, { x: "share of the messages, surest first", y: "wrong", diagonal: false }))}
${figure("Confusion: rows are the agents that messages are for, columns where they would go.", confusionPlot(evaluation.confusion))}
<h2>Wrong turns</h2>
${table(["for", "went to", "messages"], wrong.slice(0, maxConfusions).map(cellsOf))}
</body></html>`;
}

function cellsOf({ expected, actual, count }: Confusion): readonly string[] {
  return [expected, actual, `${count}`];
}

function figure(caption: string, svg: string): string {
  return `<figure>${svg}<figcaption>${escapeText(caption)}</figcaption></figure>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${row("th", head)}${rows.map((cells) => row("td", cells)).join("")}</table>`;
}
