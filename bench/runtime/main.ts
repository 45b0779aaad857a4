/**
 * Measures turns through a runtime against a stub agent and writes RESULTS.md. Run from the project's root:
 * `npx node --conditions=@lmos/source bench/runtime/main.ts --cpu "…" --date 2026-11-21 [--seconds 2]`
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { loadStaticModel } from "@lmos/embeddings";
import { buildRouterIndex, createVectorClassifier } from "@lmos/router";
import { askAgent, askRuntime } from "./callers.ts";
import { readAgents, readMessages } from "./catalogue.ts";
import { type Child, startChild } from "./child.ts";
import { measureLoad } from "./load.ts";
import { type Row, renderReport } from "./report.ts";

const { values } = parseArgs({
  options: {
    cpu: { type: "string", default: "CPU not named" },
    date: { type: "string", default: "a day not named" },
    seconds: { type: "string", default: "2" },
  },
});
const seconds = Number(values.seconds);
const { signal } = new AbortController();
const messages = await readMessages();
const agents = await readAgents();

const messageAt = (index: number): string => messages[index % messages.length] ?? "";

async function measureDecisions(): Promise<number> {
  const embedding = await loadStaticModel({ signal });
  const classifier = createVectorClassifier({
    index: await buildRouterIndex(agents, { embedding, signal }),
    embedding,
  });
  const classify = async (index: number): Promise<void> => {
    await classifier.classify({ message: messageAt(index), history: [] }, { signal });
  };
  return (await measureLoad(classify, { callers: 1, seconds })).perSecond;
}

interface Load {
  readonly name: string;
  readonly callers: number;
  readonly call: (index: number) => Promise<void>;
}

async function measureRow({ name, callers, call }: Load, runtime: Child | undefined): Promise<Row> {
  const before = await runtime?.usage();
  const figures = await measureLoad(call, { callers, seconds });
  const after = await runtime?.usage();
  process.stderr.write(`${name}, ${callers} callers\n`);
  const share = 1 / 1.1; // the warm-up used CPU too, but its turns are not counted
  const cpuMs = before && after && (after.cpuMs - before.cpuMs) * share;
  return { name, callers, figures, cpuMs };
}

using stub = await startChild("./stub-agent/main.ts");
const startedAt = performance.now();
using runtime = await startChild("./runtime-process/main.ts", [String(stub.port)]);
const readyMs = performance.now() - startedAt;

const direct = (): Promise<void> => askAgent(stub.port);
const agent = agents[0]?.name ?? "";
const explicit = (index: number): Promise<void> =>
  askRuntime(runtime.port, { index, message: messageAt(index), agent });
const vector = (index: number): Promise<void> =>
  askRuntime(runtime.port, { index, message: messageAt(index) });

await measureLoad(explicit, { callers: 8, seconds }); // the first seconds of a process are not what is asked for
const directOne = await measureRow({ name: "agent directly", callers: 1, call: direct }, undefined);
const explicitOne = await measureRow({ name: "explicit agent", callers: 1, call: explicit }, runtime);
const rows = [
  directOne,
  explicitOne,
  await measureRow({ name: "agent directly", callers: 8, call: direct }, undefined),
  await measureRow({ name: "explicit agent", callers: 8, call: explicit }, runtime),
  await measureRow({ name: "routed by vectors", callers: 8, call: vector }, runtime),
  await measureRow({ name: "explicit agent", callers: 32, call: explicit }, runtime),
];
const { rss } = await runtime.usage();
const report = renderReport({
  cpu: values.cpu,
  date: values.date,
  node: process.versions.node,
  seconds,
  rows,
  added: {
    p50Ms: explicitOne.figures.p50Ms - directOne.figures.p50Ms,
    p99Ms: explicitOne.figures.p99Ms - directOne.figures.p99Ms,
  },
  decisionsPerSecond: await measureDecisions(),
  rssMiB: rss / 1024 / 1024,
  readyMs,
});
await writeFile(new URL("RESULTS.md", import.meta.url), report);
process.stdout.write(report);
process.exit();
