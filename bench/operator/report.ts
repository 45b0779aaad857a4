/** The figures as Markdown. */
import type { Machine } from "../kube/machine.ts";
import type { Run } from "./run.ts";

/** Everything measured. */
export interface Report {
  readonly cpu: string;
  readonly date: string;
  readonly node: string;
  readonly machine: Machine;
  readonly runs: readonly Run[];
}

/** A row: its name, what is asked of it, and its figure in a run. */
interface Row {
  readonly name: string;
  readonly target?: (run: Run) => string;
  readonly figure: (run: Run) => string;
}

/** The Kotlin operator beside which the small scale is read. */
const kotlin: ReadonlyMap<string, string> = new Map([
  ["100 more channels at once, all wired", "11.5 s"],
  ["the agent of all channels edited, all routings follow", "14.3 s"],
  ["memory after these phases", "up to 3,592 MiB"],
  ["annotation touched: writes", "199 (and 100 lists)"],
  ["100 late agents: writes a waiting channel", "67"],
  ["restart: writes", "over 9,397 in 6 min"],
]);

const isSmall = ({ scale }: Run): boolean => scale.agents <= 1000;
const onlySmall = (text: string) => (run: Run) => (isSmall(run) ? text : "");
const bySize = (small: string, large: string) => (run: Run) => (isSmall(run) ? small : large);
const always = (text: string) => () => text;

const rows: readonly Row[] = [
  {
    name: "cold start: first routing",
    target: bySize("", "≤ 5 s"),
    figure: ({ cold }) => seconds(cold.firstMs),
  },
  {
    name: "cold start: all routings right",
    target: bySize("", "≤ 30 s"),
    figure: ({ cold }) => seconds(cold.allMs),
  },
  {
    name: "cold start: everything written (writes)",
    figure: ({ cold }) => `${seconds(cold.quietMs)} (${cold.writes})`,
  },
  {
    name: "the agent of all channels edited, all routings follow",
    target: onlySmall("≤ 0.5 s"),
    figure: ({ shared }) => `${seconds(shared.ms)} (${shared.routings} routings)`,
  },
  {
    name: "100 more channels at once, all wired",
    target: onlySmall("≤ 2 s"),
    figure: ({ many }) => seconds(many.ms),
  },
  {
    name: "the same edit with those channels",
    figure: ({ sharedAgain }) => `${seconds(sharedAgain.ms)} (${sharedAgain.routings} routings)`,
  },
  {
    name: "one agent edited, its routing written: p50 / p99",
    target: ({ server }) => (server === "real" ? "p99 ≤ 1,000 ms" : "p99 ≤ 100 ms"),
    figure: ({ single }) => `${whole(single.p50Ms)} / ${whole(single.p99Ms)} ms`,
  },
  {
    name: "annotation touched: writes",
    target: always("0"),
    figure: ({ annotation }) => whole(annotation.writeRequests),
  },
  {
    name: "100 late agents: writes a waiting channel",
    target: always("≤ 2"),
    figure: ({ late }) =>
      `${late.writesPerChannel.toFixed(2)}${late.unresolved > 0 ? " (NOT ALL RESOLVED)" : ""}`,
  },
  { name: "100 late agents: all channels wired", figure: ({ late }) => seconds(late.ms) },
  { name: "restart: writes", target: always("0"), figure: ({ restart }) => whole(restart.writeRequests) },
  { name: "restart: at rest again", figure: ({ restart }) => seconds(restart.quietMs) },
  {
    name: "steady edits: routings converged a second",
    target: always("≥ 100 asked"),
    figure: ({ steady }) =>
      `${steady.convergedPerSecond.toFixed(0)} of ${steady.perSecond}, ${steady.seconds} s long`,
  },
  {
    name: "steady edits: p50 / p99, behind at the end",
    figure: ({ steady }) => `${whole(steady.p50Ms)} / ${whole(steady.p99Ms)} ms, ${seconds(steady.behindMs)}`,
  },
  {
    name: "steady edits: writes an edit (of them events)",
    figure: ({ steady }) => {
      const each = (writes: number): string => (writes / steady.edits).toFixed(2);
      return `${each(steady.writeRequests + steady.eventRequests)} (${each(steady.eventRequests)})`;
    },
  },
  {
    name: "steady edits: processor time, operator / server",
    figure: ({ steady }) => {
      const share = (ms: number): string =>
        `${((ms / (steady.sentMs + steady.behindMs)) * 100).toFixed(0)} %`;
      return `${share(steady.cpuMs)} / ${share(steady.serverCpuMs)}`;
    },
  },
  {
    name: "rest: writes, lists a minute",
    target: always("0, 0"),
    figure: ({ rest }) => `${rest.writeRequests}, ${rest.listsPerMinute.toFixed(1)}`,
  },
  { name: "rest: processor time", figure: ({ rest }) => `${rest.cpuPercent.toFixed(2)} %` },
  {
    name: "memory after these phases",
    target: bySize("≤ 200 MiB", "≤ 300 MiB"),
    figure: ({ rest, steady }) => `${whole(Math.max(rest.residentMiB, steady.residentMiB))} MiB`,
  },
];

/** The whole report. */
export function renderReport(report: Report): string {
  const scales = [...new Set(report.runs.map(({ scale }) => JSON.stringify(scale)))];
  const tables = scales.map((scale) =>
    table(report.runs.filter((run) => JSON.stringify(run.scale) === scale)),
  );
  return `# Operator benchmark: results

Measured on ${report.date}, ${report.cpu}, Node ${report.node}. Server, operator, observer and load share these cores; other
programs used them too (load average before the start: ${report.machine.load.toFixed(1)}). What is measured and how: [README.md](README.md).

${tables.join("\n\n")}
`;
}

function table(runs: readonly Run[]): string {
  const [first] = runs;
  if (first === undefined) return "";
  const { agents, channels } = first.scale;
  const peers = isSmall(first) ? ["Kotlin, same load"] : [];
  const lines = rows.map(({ name, target, figure }) => {
    const asked = [...new Set(runs.map((run) => target?.(run) ?? ""))].join("; ");
    return [name, asked, ...runs.map(figure), ...peers.map(() => kotlin.get(name) ?? "")];
  });
  const head = ["", "asked", ...runs.map(({ server }) => server), ...peers];
  return [
    `## ${agents.toLocaleString("en")} agents, ${channels.toLocaleString("en")} channels`,
    "",
    line(head),
    line(head.map(() => "---")),
    ...lines.map(line),
  ].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
