/** The measures as a page of text. */
import type { FileMeasure } from "./measure.ts";

/** Median, ninetieth percentile and maximum of the admired codebases, and our bar. */
const anchors = [
  ["connect-es", "95/293/1376", "15/51/279", "83 %"],
  ["kysely", "53/310/2971", "6/16/223", "29 %"],
  ["hono", "70/319/2778", "9/44/201", "27 %"],
  ["execa", "54/136/243", "7/20/111", "-"],
  ["Karpenter", "146/435/1085", "9/35/140", "-"],
  ["the bar", "100/250/400", "10/30/50", "90 %"],
] as const;

/** Renders all measures beside the anchors. */
export function renderMirror(files: readonly FileMeasure[], testLines: number): string {
  const functions = files.flatMap((file) => file.functions);
  const sourceLines = sum(files.map(({ lines }) => lines));
  const exported = sum(files.map((file) => file.exported));
  const documented = sum(files.map((file) => file.documented));
  const own = [
    "this house",
    spread(files),
    spread(functions),
    `${Math.round((100 * documented) / exported)} %`,
  ];
  return [
    row(["", "file lines med/p90/max", "function lines med/p90/max", "exports documented"]),
    ...anchors.map(row),
    row(own),
    "",
    `${files.length} files, ${sourceLines} lines, ${functions.length} functions; ${(testLines / sourceLines).toFixed(2)} lines of tests a line of source`,
    "",
    "longest files",
    ...longest(files).map(({ lines, path }) => `  ${lines}  ${path}`),
    "longest functions",
    ...longest(functions).map(({ lines, name, path }) => `  ${lines}  ${name || "(anonymous)"}  ${path}`),
    "",
  ].join("\n");
}

interface Measured {
  readonly lines: number;
}

function spread(measured: readonly Measured[]): string {
  const sorted = measured.map(({ lines }) => lines).sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return `${at(0.5)}/${at(0.9)}/${sorted.at(-1) ?? 0}`;
}

function longest<T extends Measured>(measured: readonly T[]): readonly T[] {
  return [...measured].sort((a, b) => b.lines - a.lines).slice(0, 5);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}

function row(cells: readonly string[]): string {
  const widths = [12, 24, 28, 18];
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join(" ")
    .trimEnd();
}
