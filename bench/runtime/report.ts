/** The figures as Markdown. */
import type { LoadFigures } from "./load.ts";
import type { RoutingFigures } from "./routings.ts";
import type { StreamFigures } from "./streams.ts";

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
  /** Processes that ran or wanted to when the measurement began, on average over a minute. */
  readonly loadBefore: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** At an open load of `openRate` calls a second. */
  readonly atRate: Readonly<Record<"direct" | "proxied" | "explicit", LoadFigures>>;
  readonly openRate: number;
  readonly decisionsPerSecond: number;
  /** Resident memory of the runtime when it is ready, and after all loads. */
  readonly readyBytes: number;
  readonly loadedBytes: number;
  readonly readyMs: number;
  /** Of the runtime, and of Node's HTTP server alone. */
  readonly streams: Readonly<Record<"runtime" | "bare", StreamFigures>>;
  readonly routings: RoutingFigures;
}

/** The whole report. */
export function renderReport(report: Report): string {
  const { cpu, date, node, loadBefore, seconds, rows } = report;
  return `# Runtime benchmark: results

Measured on ${date}, ${cpu}, Node ${node}, load ${loadBefore.toFixed(1)} when it began. Load generator, runtime and stub
agent share these cores: read the rows against each other, not as limits. ${seconds} s a row, 1,000 conversations.
What is measured and how: [README.md](README.md).

## Closed loop

${renderRows(rows)}

## Open loop, ${report.openRate} a second

| load | p50 ms | p99 ms |
|---|---|---|
${renderRates(report).join("\n")}

## Memory and streams

Resident memory of the runtime's process.

| figure | value |
|---|---|
${renderMemory(report).join("\n")}

## Else

| figure | value |
|---|---|
| routing decisions, one thread, no network | ${Math.round(report.decisionsPerSecond)} /s |
| start of the process until ready | ${Math.round(report.readyMs)} ms |
`;
}

/** The table of the closed loop. */
export function renderRows(rows: readonly Row[]): string {
  const heads = [
    "load",
    "callers",
    "per second",
    "of the proxy",
    "of explicit",
    "p50 ms",
    "p99 ms",
    "CPU ms each",
  ];
  const lines = [`| ${heads.join(" | ")} |`, `|${"---|".repeat(heads.length)}`];
  return [...lines, ...rows.map((row) => renderRow(row, rows))].join("\n");
}

function renderRow({ name, callers, figures, cpuMs }: Row, rows: readonly Row[]): string {
  const { perSecond, p50Ms, p99Ms, calls } = figures;
  const [proxy, explicit] = rows.filter((row) => row.callers === callers);
  const shares = [shareOf(proxy, perSecond), shareOf(explicit, perSecond)].join(" | ");
  return `| ${name} | ${callers} | ${Math.round(perSecond)} | ${shares} | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} | ${(cpuMs / calls).toFixed(3)} |`;
}

function shareOf(baseline: Row | undefined, perSecond: number): string {
  return `${Math.round((perSecond / (baseline?.figures.perSecond ?? Number.NaN)) * 100)} %`;
}

function renderMemory(report: Report): readonly string[] {
  const { readyBytes, loadedBytes, routings } = report;
  const { runtime: streams, bare } = report.streams;
  const line = (figure: string, value: string): string => `| ${figure} | ${value} |`;
  const { channels } = routings;
  return [
    line("one channel, ready", megabytes(readyBytes)),
    line("one channel, after all loads above", megabytes(loadedBytes)),
    line(
      `${streams.streams} event streams that wait for their agent, each`,
      `${(streams.bytesEach / 1000).toFixed(1)} KB`,
    ),
    line("the same streams from Node's HTTP server alone, each", `${(bare.bytesEach / 1000).toFixed(1)} KB`),
    line(
      "of the runtime's answered, when all agents answer at once",
      `${streams.answered} within ${streams.answeredSeconds.toFixed(1)} s`,
    ),
    line(`${channels} channels that nobody uses`, megabytes(routings.idleBytes)),
    line(`${channels} channels after a turn on each`, megabytes(routings.usedBytes)),
    line(`first turn on a channel of ${channels}, p50`, `${routings.firstTurnP50Ms.toFixed(1)} ms`),
    line(`start with ${channels} channels until ready`, `${Math.round(routings.readyMs)} ms`),
  ];
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
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
