/** The figures as Markdown. */
import type { LoadFigures } from "./load.ts";

/** One line: a load, and what the process that carries it used. */
export interface Row {
  readonly name: string;
  readonly callers: number;
  readonly figures: LoadFigures;
  readonly cpuMs: number;
}

/** Everything measured. */
export interface Report {
  readonly cpu: string;
  readonly date: string;
  readonly node: string;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** At an open load of `openRate` calls a second. */
  readonly atRate: Readonly<Record<"direct" | "proxied" | "explicit", LoadFigures>>;
  readonly openRate: number;
  readonly decisionsPerSecond: number;
  readonly rssMiB: number;
  readonly readyMs: number;
}

/** The whole report. */
export function renderReport(report: Report): string {
  const { cpu, date, node, seconds, rows, decisionsPerSecond, rssMiB, readyMs } = report;
  return `# Runtime benchmark: results

Measured on ${date}, ${cpu}, Node ${node}. Load generator, runtime and stub agent share these cores, which other work used
at the same time: read the rows against each other, not as limits. ${seconds} s a row, 1,000 conversations.
What is measured and how: [README.md](README.md).

## Closed loop

| load | callers | per second | of the proxy | p50 ms | p99 ms | CPU ms each |
|---|---|---|---|---|---|---|
${rows.map((row) => renderRow(row, rows)).join("\n")}

## Open loop, ${report.openRate} a second

| load | p50 ms | p99 ms |
|---|---|---|
${renderRates(report).join("\n")}

## Else

| figure | value |
|---|---|
| routing decisions, one thread, no network | ${Math.round(decisionsPerSecond)} /s |
| memory of the runtime's process after the load | ${Math.round(rssMiB)} MiB |
| start of the process until ready | ${Math.round(readyMs)} ms |
`;
}

function renderRow({ name, callers, figures, cpuMs }: Row, rows: readonly Row[]): string {
  const { perSecond, p50Ms, p99Ms, calls } = figures;
  const baseline = rows.find((row) => row.callers === callers)?.figures.perSecond ?? Number.NaN;
  const share = Math.round((perSecond / baseline) * 100);
  return `| ${name} | ${callers} | ${Math.round(perSecond)} | ${share} % | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} | ${(cpuMs / calls).toFixed(2)} |`;
}

function renderRates({ atRate: { direct, proxied, explicit } }: Report): readonly string[] {
  const line = (name: string, p50Ms: number, p99Ms: number): string =>
    `| ${name} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`;
  return [
    line("the agent itself, over HTTP", direct.p50Ms, direct.p99Ms),
    line("bare proxy", proxied.p50Ms, proxied.p99Ms),
    line("explicit agent", explicit.p50Ms, explicit.p99Ms),
    line("added by the runtime", explicit.p50Ms - direct.p50Ms, explicit.p99Ms - direct.p99Ms),
  ];
}
