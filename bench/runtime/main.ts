/**
 * Measures turns through a runtime against a stub agent and writes RESULTS.md. Run from the project's root:
 * `npm run bench:runtime -- --cpu "…" --date 2026-11-21 [--seconds 3] [--streams 5000] [--channels 1000]`, or only parts of
 * it, which are printed and not written: `npm run bench:runtime -- --only turns,rate --callers 8,32`
 */
import { writeFile } from "node:fs/promises";
import { loadavg } from "node:os";
import { loadStaticModel } from "@lmos/embeddings";
import { buildRouterIndex, createVectorClassifier } from "@lmos/router";
import { benchArguments } from "../arguments.ts";
import { turnsTo } from "./callers.ts";
import { plainMessages, readAgents, readMessages } from "./catalogue.ts";
import { type Child, startChild } from "./child.ts";
import { type LoadFigures, type LoadTarget, measureClosed, measureOpen } from "./load.ts";
import { type Report, type Row, renderReport, renderRows } from "./report.ts";
import { measureRoutings, type RoutingFigures } from "./routings.ts";
import { startRuntimeProcess, startStreamProcess } from "./runtimes.ts";
import { measureStreams, type StreamFigures } from "./streams.ts";

const values = benchArguments({
  command: "npm run bench:runtime",
  description:
    "Turns through a runtime against a stub agent. Writes RESULTS.md, or with --only prints parts.",
  options: {
    cpu: { type: "string", default: "CPU not named", description: "processor, for the report" },
    date: { type: "string", default: "a day not named", description: "day, for the report" },
    seconds: { type: "string", default: "3", isNumber: true, description: "seconds of each load" },
    streams: { type: "string", default: "5000", isNumber: true, description: "streams that stay open" },
    channels: { type: "string", default: "1000", isNumber: true, description: "routings that are held" },
    callers: { type: "string", default: "1,8,32", description: "callers at once" },
    only: { type: "string", default: "", description: "parts: turns, rate, decisions, streams, channels" },
  },
});
const seconds = Number(values.seconds);
const { signal } = new AbortController();
const messages = await readMessages();
const agents = await readAgents();

const messageAt = (index: number): string => messages[index % messages.length] ?? "";
const plain = plainMessages(messages);
const plainAt = (index: number): string => plain[index % plain.length] ?? "";

async function measureDecisions(): Promise<number> {
  const embedding = await loadStaticModel({ signal });
  const index = await buildRouterIndex(agents, { embedding, signal });
  const classifier = createVectorClassifier({ index, embedding });
  const classify = async (index: number): Promise<void> => {
    await classifier.classify({ message: messageAt(index), history: [] }, { signal });
  };
  const caller = { call: classify, [Symbol.dispose]: () => undefined };
  return (await measureClosed({ connect: async () => caller }, { callers: 1, seconds })).perSecond;
}

/** A load, and the process that carries it. */
interface Load {
  readonly name: string;
  readonly process: Child;
  readonly target: LoadTarget;
}

/** CPU of the warm-up is counted as well, so that share is taken off again. */
const measuredShare = 5 / 6;

async function measureRow({ name, process: carrier, target }: Load, callers: number): Promise<Row> {
  const before = carrier.cpuMs();
  const figures = await measureClosed(target, { callers, seconds });
  const cpuMs = (carrier.cpuMs() - before) * measuredShare;
  progress(`${name}, ${callers} callers: ${Math.round(figures.perSecond)}/s`);
  return { name, callers, figures, cpuMs };
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

const openRate = 500;

function measureAtRate({ target }: Load): Promise<LoadFigures> {
  return measureOpen(target, { perSecond: openRate, seconds });
}

/** A runtime that takes more turns at once than one takes unless it is told to, and lets them wait for the whole measurement. */
async function measureIdleStreams(): Promise<StreamFigures> {
  const count = Number(values.streams);
  const turns = count + 1000;
  const limits = {
    maxConcurrentTurns: turns,
    minConcurrentTurns: turns,
    firstResultMs: 300_000,
    totalMs: 300_000,
  };
  using patient = await startRuntimeProcess({ agentPort: stub.port, channels: 1, limits });
  const figures = await measureStreams({ runtime: patient, stub }, { count, agent });
  progress(`${count} streams: ${Math.round(figures.bytesEach)} bytes each`);
  return figures;
}

/** The same streams from Node's HTTP server alone. */
async function measureBareStreams(): Promise<StreamFigures> {
  using bare = await startStreamProcess();
  const figures = await measureStreams(
    { runtime: bare, stub: bare },
    { count: Number(values.streams), agent },
  );
  progress(`${figures.streams} streams of Node alone: ${Math.round(figures.bytesEach)} bytes each`);
  return figures;
}

async function measureBothStreams(): Promise<Report["streams"]> {
  return { bare: await measureBareStreams(), runtime: await measureIdleStreams() };
}

const loadBefore = loadavg()[0] ?? 0;
using stub = await startChild("./stub-agent/main.ts");
using proxyProcess = await startChild("./proxy-process/main.ts", { args: [String(stub.port)] });
const startedAt = performance.now();
using runtime = await startRuntimeProcess({ agentPort: stub.port, channels: 1 });
const readyMs = performance.now() - startedAt;
const readyBytes = runtime.residentBytes();

const agent = agents[0]?.name ?? "";
const direct: Load = {
  name: "the agent itself, over HTTP",
  process: stub,
  target: turnsTo(stub.port, { messageAt }),
};
const proxied: Load = {
  name: "bare proxy",
  process: proxyProcess,
  target: turnsTo(proxyProcess.port, { messageAt }),
};
const explicit: Load = {
  name: "explicit agent",
  process: runtime,
  target: turnsTo(runtime.port, { messageAt, agent }),
};
const routed: Load = {
  name: "routed by vectors",
  process: runtime,
  target: turnsTo(runtime.port, { messageAt }),
};
const plainlyRouted: Load = {
  name: "of these, messages in one piece",
  process: runtime,
  target: turnsTo(runtime.port, { messageAt: plainAt }),
};

async function measureTurns(): Promise<readonly Row[]> {
  // The first seconds of a process are not what is asked for.
  for (const load of [proxied, explicit, routed]) await measureClosed(load.target, { callers: 8, seconds });
  const rows: Row[] = [];
  for (const callers of values.callers.split(",").map(Number)) {
    for (const load of [proxied, explicit, routed, plainlyRouted]) {
      rows.push(await measureRow(load, callers));
    }
  }
  return rows;
}

async function measureRate(): Promise<Report["atRate"]> {
  return {
    direct: await measureAtRate(direct),
    proxied: await measureAtRate(proxied),
    explicit: await measureAtRate(explicit),
  };
}

const channels = Number(values.channels);
const measureChannels = (): Promise<RoutingFigures> =>
  measureRoutings(stub.port, { channels, message: messageAt(0) });

/** What can be measured alone, in the order of the report. */
const parts: Readonly<Record<string, () => Promise<string>>> = {
  turns: async () => renderRows(await measureTurns()),
  rate: async () => JSON.stringify(await measureRate(), undefined, 2),
  decisions: async () => `${Math.round(await measureDecisions())} decisions a second`,
  streams: async () => JSON.stringify(await measureBothStreams(), undefined, 2),
  channels: async () => JSON.stringify(await measureChannels(), undefined, 2),
};

if (values.only !== "") {
  for (const name of values.only.split(",")) {
    const measure = parts[name];
    if (measure === undefined) throw new Error(`--only ${name}: there are ${Object.keys(parts).join(", ")}`);
    process.stdout.write(`${await measure()}\n`);
  }
  process.exit();
}

const rows = await measureTurns();
const atRate = await measureRate();
const loadedBytes = runtime.residentBytes();
const decisionsPerSecond = await measureDecisions();
const streams = await measureBothStreams();
const routings = await measureChannels();
const report = renderReport({
  cpu: values.cpu,
  date: values.date,
  node: process.versions.node,
  loadBefore,
  seconds,
  rows,
  atRate,
  openRate,
  decisionsPerSecond,
  readyBytes,
  loadedBytes,
  readyMs,
  streams,
  routings,
});
await writeFile(new URL("RESULTS.md", import.meta.url), report);
process.stdout.write(report);
process.exit();
