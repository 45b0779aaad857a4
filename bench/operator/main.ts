/**
 * Measures the operator on the embedded API server and on a real one, at two scales, and writes RESULTS.md:
 * `npm run bench:operator -- --cpu "…" --date 2026-11-30`. See README.md for what is measured and for smaller runs.
 */
import { writeFile } from "node:fs/promises";
import { benchArguments } from "../arguments.ts";
import { startEmbedded } from "../kube/embedded.ts";
import { describeMachine } from "../kube/machine.ts";
import { startReal } from "../kube/real.ts";
import { renderReport } from "./report.ts";
import { measure, type Run, type RunOptions } from "./run.ts";

const values = benchArguments({
  command: "npm run bench:operator",
  description: "The operator on the embedded API server and on a real one (needs Go). Writes RESULTS.md.",
  options: {
    cpu: { type: "string", default: "CPU not named", description: "processor, for the report" },
    date: { type: "string", default: "a day not named", description: "day, for the report" },
    seconds: { type: "string", default: "60", isNumber: true, description: "seconds of steady edits" },
    rest: {
      type: "string",
      default: "60",
      isNumber: true,
      description: "seconds in which nothing is to happen",
    },
    scales: { type: "string", default: "1000x100,10000x1000", description: "numbers of agents and channels" },
    servers: { type: "string", default: "embedded,real", description: "which API servers" },
    write: { type: "boolean", default: true, description: "write RESULTS.md" },
  },
});

const starts = { embedded: startEmbedded, real: startReal } as const;

const say = (text: string): boolean =>
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0)} s: ${text}\n`);

const machine = await describeMachine();
const runs: Run[] = [];
for (const scale of values.scales.split(",")) {
  const [agents = 1000, channels = 100] = scale.split("x").map(Number);
  for (const server of values.servers.split(",")) {
    if (server !== "embedded" && server !== "real")
      throw new Error(`--servers: embedded or real, not ${server}`);
    say(`${agents} agents and ${channels} channels on the ${server} server`);
    const options: RunOptions = {
      ...{ server, scale: { agents, channels }, say },
      ...{ editSeconds: Number(values.seconds), restSeconds: Number(values.rest) },
    };
    await using started = await starts[server]();
    runs.push(await measure(started, options));
  }
}
const report = renderReport({ ...values, node: process.versions.node, machine, runs });
if (values.write) await writeFile(new URL("RESULTS.md", import.meta.url), report);
process.stdout.write(report);
process.exit();
