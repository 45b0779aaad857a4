/** The figures as Markdown. */
import type { LoadFigures } from "./load.ts";

/** One line: a load, and what the runtime used for it. */
export interface Row {
  readonly name: string;
  readonly callers: number;
  readonly figures: LoadFigures;
  /** CPU milliseconds of the runtime's process; undefined where no runtime was in the way. */
  readonly cpuMs: number | undefined;
}

/** Everything measured. */
export interface Report {
  readonly cpu: string;
  readonly date: string;
  readonly node: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly added: { readonly p50Ms: number; readonly p99Ms: number };
  readonly decisionsPerSecond: number;
  readonly rssMiB: number;
  readonly readyMs: number;
}

/** The whole report. */
export function renderReport(report: Report): string {
  const { cpu, date, node, seconds, rows, added, decisionsPerSecond, rssMiB, readyMs } = report;
  return `# Runtime benchmark: results

Measured on ${date}, ${cpu}, Node ${node}. Load generator, runtime and stub agent share these cores, which other work used
at the same time: read the columns against each other, not as limits. ${seconds} s a row, closed loop, 1,000 conversations,
a new WebSocket to the agent for each turn on both sides. What is measured and how: [README.md](README.md).

| load | callers | turns/s | p50 ms | p99 ms | runtime CPU ms/turn |
|---|---|---|---|---|---|
${rows.map(renderRow).join("\n")}

| figure | value |
|---|---|
| latency that the runtime adds at one caller, p50 (explicit less direct) | ${added.p50Ms.toFixed(2)} ms |
| the same, p99 | ${added.p99Ms.toFixed(2)} ms |
| routing decisions, one thread, no network | ${Math.round(decisionsPerSecond)} /s |
| memory of the runtime's process after the load | ${Math.round(rssMiB)} MiB |
| start of the process until ready | ${Math.round(readyMs)} ms |
`;
}

function renderRow({ name, callers, figures, cpuMs }: Row): string {
  const { perSecond, p50Ms, p99Ms, calls } = figures;
  const cpu = cpuMs === undefined ? "–" : (cpuMs / calls).toFixed(2);
  return `| ${name} | ${callers} | ${Math.round(perSecond)} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} | ${cpu} |`;
}
