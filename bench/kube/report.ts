/** The figures as Markdown. */
import type { Machine } from "./machine.ts";
import type { ClientFigures, ClientName } from "./measure-clients.ts";
import type { Fault, RecoveringName, Recovery } from "./measure-recovery.ts";
import type { ServerFigures } from "./measure-servers.ts";

/** Where and how something was measured. */
export interface Circumstances {
  readonly cpu: string;
  readonly date: string;
  readonly node: string;
  readonly machine: Machine;
  readonly objects: number;
  readonly seconds: number;
}

/** What was measured of the clients. */
export interface ClientReport extends Circumstances {
  readonly patienceSeconds: number;
  readonly clients: Readonly<Record<ClientName, ClientFigures>>;
  readonly recoveries: ReadonlyMap<Fault, Recovery>;
}

/** What was measured of the servers. */
export interface ServerReport extends Circumstances {
  readonly servers: Readonly<Record<"embedded" | "real", ServerFigures>>;
}

/** The parts of RESULTS.md: what was not measured this time stays as it is. */
export function replaceParts(
  before: string,
  { clients, servers }: { readonly clients?: string | undefined; readonly servers?: string | undefined },
): string {
  const [head = "", old = ""] = before.split(serversHeading);
  const oldClients = head.slice(head.indexOf(clientsHeading));
  return `# Kubernetes benchmark: results

What is measured and how: [README.md](README.md).

${(clients ?? oldClients).trim()}

${(servers ?? serversHeading + old).trim()}
`;
}

const clientsHeading = "## Clients, against the same kube-apiserver";
const serversHeading = "## Servers, through the same client";

function circumstances({ date, cpu, node, machine, seconds }: Circumstances): string {
  return `Measured on ${date}, ${cpu}, Node ${node}. Server, clients and load share these cores; other programs used them too
(load average before the start: ${show(machine.load)}): read columns against each other, not as limits. ${seconds} s a load.`;
}

/** The part about the clients. */
export function renderClients(report: ClientReport): string {
  return `${clientsHeading}

${circumstances(report)}

${clientTable(report)}

## Blind after a fault

Seconds from when the way was free again until a new object was heard of; waited ${report.patienceSeconds} s at most.

${recoveryTable(report)}
`;
}

/** The part about the servers. */
export function renderServers(report: ServerReport): string {
  return `${serversHeading}

${circumstances(report)}

${serverTable(report)}

The embedded server's writes are durable: one takes no less than the disk does (${show(report.machine.syncMs)} ms for 4 KiB here). etcd ran without fsync.
`;
}

type Line = readonly (string | number)[];

function table(head: Line, lines: readonly Line[]): string {
  const write = (cells: Line): string => `| ${cells.join(" | ")} |`;
  return [write(head), `|${"---|".repeat(head.length)}`, ...lines.map(write)].join("\n");
}

function clientTable({ clients, objects }: ClientReport): string {
  const { ours, "client-node": theirs } = clients;
  const line = (
    name: string,
    read: (figures: ClientFigures) => number | undefined,
    better: "less" | "more",
  ): Line => {
    const [left, right] = [read(ours), read(theirs)];
    return [
      name,
      show(left),
      show(right),
      ratio(better === "more" ? left : right, better === "more" ? right : left),
    ];
  };
  const applies = (inFlight: number): readonly Line[] => [
    line(`applies per second, ${inFlight} in flight`, (one) => one.applies.get(inFlight)?.perSecond, "more"),
    line("– connections opened for it", (one) => one.applies.get(inFlight)?.connections, "less"),
  ];
  return table(
    ["figure", "ours", "client-node 2.0.1", "times better"],
    [
      line(`list and cache ${objects} objects, ms`, ({ cacheMs }) => cacheMs, "less"),
      line("resident memory with these, MiB", ({ rssMiB }) => rssMiB, "less"),
      line("– of that before the list", ({ emptyRssMiB }) => emptyRssMiB, "less"),
      line("heap with these, MiB", ({ heapMiB }) => heapMiB, "less"),
      line("watch events per second", ({ changesPerSecond }) => changesPerSecond, "more"),
      ...[1, 10, 50].flatMap(applies),
    ],
  );
}

function recoveryTable({ recoveries, patienceSeconds }: ClientReport): string {
  const names: readonly RecoveringName[] = ["ours", "client-node", "client-node-restarted"];
  const seconds = (ms: number | undefined): string =>
    ms === undefined ? `never in ${patienceSeconds}` : (ms / 1_000).toFixed(1);
  return table(
    ["fault", "ours", "client-node 2.0.1", "– restarted by its caller 5 s after an error"],
    [...recoveries].map(([fault, recovery]) => [fault, ...names.map((name) => seconds(recovery[name]))]),
  );
}

function serverTable({ servers, objects }: ServerReport): string {
  const { embedded, real } = servers;
  const line = (name: string, read: (figures: ServerFigures) => number | undefined): Line => [
    name,
    show(read(embedded)),
    show(read(real)),
  ];
  return table(
    ["figure", "embedded", "kube-apiserver and etcd"],
    [
      line("start of the processes to ready, ms", ({ readyMs }) => readyMs),
      line("resident memory when ready, MiB", ({ emptyMiB }) => emptyMiB),
      line(`resident memory with ${objects} objects, MiB`, ({ fullMiB }) => fullMiB),
      ...[1, 10, 50].map((inFlight) =>
        line(`creations per second, ${inFlight} in flight`, ({ creations }) => creations.get(inFlight)),
      ),
      line("objects listed per second, pages of 500", ({ listedPerSecond }) => listedPerSecond),
      line("change to watch event, p50 ms", ({ watchP50Ms }) => watchP50Ms),
      line("change to watch event, p99 ms", ({ watchP99Ms }) => watchP99Ms),
    ],
  );
}

function show(value: number | undefined): string {
  if (value === undefined) return "–";
  return value < 10 ? value.toFixed(1) : Math.round(value).toString();
}

function ratio(good: number | undefined, bad: number | undefined): string {
  return good === undefined || bad === undefined || bad === 0 ? "–" : (good / bad).toFixed(1);
}
