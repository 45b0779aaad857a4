/**
 * Measures turns through a runtime against a stub agent and writes RESULTS.md. Run from the project's root:
 * `npx node --conditions=@lmos/source bench/runtime/main.ts --cpu "…" --date 2026-11-21 [--seconds 3]`
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { loadStaticModel } from "@lmos/embeddings";
import { buildRouterIndex, createVectorClassifier } from "@lmos/router";
import { turnsTo } from "./callers.ts";
import { readAgents, readMessages } from "./catalogue.ts";
import { type Child, startChild } from "./child.ts";
import { type LoadFigures, type LoadTarget, measureClosed, measureOpen } from "./load.ts";
import { type Row, renderReport } from "./report.ts";

const { values } = parseArgs({
  options: {
    cpu: { type: "string", default: "CPU not named" },
    date: { type: "string", default: "a day not named" },
    seconds: { type: "string", default: "3" },
  },
});
const seconds = Number(values.seconds);
const { signal } = new AbortController();
const messages = await readMessages();
const agents = await readAgents();

const messageAt = (index: number): string => messages[index % messages.length] ?? "";

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
  const before = await carrier.usage();
  const figures = await measureClosed(target, { callers, seconds });
  const after = await carrier.usage();
  process.stderr.write(`${name}, ${callers} callers: ${Math.round(figures.perSecond)}/s\n`);
  return { name, callers, figures, cpuMs: (after.cpuMs - before.cpuMs) * measuredShare };
}

const openRate = 500;

function measureAtRate({ target }: Load): Promise<LoadFigures> {
  return measureOpen(target, { perSecond: openRate, seconds });
}

using stub = await startChild("./stub-agent/main.ts");
using proxyProcess = await startChild("./proxy-process/main.ts", [String(stub.port)]);
const startedAt = performance.now();
using runtime = await startChild("./runtime-process/main.ts", [String(stub.port)]);
const readyMs = performance.now() - startedAt;

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

// The first seconds of a process are not what is asked for.
for (const load of [proxied, explicit, routed]) await measureClosed(load.target, { callers: 8, seconds });
const rows: Row[] = [];
for (const callers of [1, 8, 32]) {
  for (const load of [proxied, explicit, routed]) rows.push(await measureRow(load, callers));
}
const atRate = {
  direct: await measureAtRate(direct),
  proxied: await measureAtRate(proxied),
  explicit: await measureAtRate(explicit),
};
const { rss } = await runtime.usage();
const report = renderReport({
  cpu: values.cpu,
  date: values.date,
  node: process.versions.node,
  seconds,
  rows,
  atRate,
  openRate,
  decisionsPerSecond: await measureDecisions(),
  rssMiB: rss / 1024 / 1024,
  readyMs,
});
await writeFile(new URL("RESULTS.md", import.meta.url), report);
process.stdout.write(report);
process.exit();
