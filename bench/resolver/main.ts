/**
 * Measures resolutions a second, one thread, and writes RESULTS.md. Run from the project's root:
 * `npx node --conditions=@lmos/source bench/resolver/main.ts --cpu "…" --date 2026-11-21 [--seconds 2]`
 */
import { writeFile } from "node:fs/promises";
import { indexProviders, resolveIn } from "@lmos/resolver";
import { benchArguments } from "../arguments.ts";
import { createWorld, type World } from "./world.ts";

const values = benchArguments({
  command: "npm run bench:resolver",
  description: "Channels a second that the resolver wires, on one thread. Writes RESULTS.md.",
  options: {
    cpu: { type: "string", default: "CPU not named", description: "processor, for the report" },
    date: { type: "string", default: "a day not named", description: "day, for the report" },
    seconds: { type: "string", default: "2", isNumber: true, description: "seconds of each measurement" },
  },
});
const seconds = Number(values.seconds);

interface Row {
  readonly agents: number;
  readonly indexMs: number;
  readonly perSecond: number;
  readonly resolvedPercent: number;
}

function measure(agents: number): Row {
  const world = createWorld({ agents, channels: 1000 });
  const startedAt = performance.now();
  const index = indexProviders(world.providers);
  const indexMs = performance.now() - startedAt;
  round(world, index); // what is read once for each text is read here
  let rounds = 0;
  let resolved = 0;
  const measuredFrom = performance.now();
  while (performance.now() - measuredFrom < seconds * 1000) {
    resolved = round(world, index);
    rounds += 1;
  }
  const elapsed = (performance.now() - measuredFrom) / 1000;
  const perSecond = (rounds * world.requests.length) / elapsed;
  return { agents, indexMs, perSecond, resolvedPercent: (resolved / world.requests.length) * 100 };
}

function round({ requests }: World, index: ReturnType<typeof indexProviders>): number {
  return requests.filter((request) => resolveIn(index, request).kind === "resolved").length;
}

function render(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ agents, indexMs, perSecond, resolvedPercent }) =>
      `| ${agents} | ${indexMs.toFixed(0)} | ${Math.round(perSecond)} | ${resolvedPercent.toFixed(0)} % |`,
  );
  return `# Resolver benchmark: results

Measured on ${values.date}, ${values.cpu}, Node ${process.versions.node}, one thread. 1,000 channels with 3 to 5 requirements each, npm and Ivy ranges,
three strategies, current wirings given; agents with 3 capabilities each, every capability name provided by 15 agents, a tenth of them for another subset and a
quarter for one tenant only. Agents are indexed once; every resolution is made anew.

| agents | index, ms | channels a second | of them resolved |
| --- | --- | --- | --- |
${lines.join("\n")}
`;
}

const text = render([1000, 10_000].map(measure));
await writeFile(new URL("RESULTS.md", import.meta.url), text);
process.stdout.write(text);
