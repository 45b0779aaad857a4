/**
 * Measures our Kubernetes client beside `@kubernetes/client-node` on the same kube-apiserver, and the embedded API server
 * beside the real one; writes RESULTS.md. `npm run bench:kube -- --cpu "…" --date 2026-11-21`
 */
import { readFile, writeFile } from "node:fs/promises";
import { benchArguments } from "../arguments.ts";
import { startEmbedded } from "./embedded.ts";
import { describeMachine } from "./machine.ts";
import { measureClients } from "./measure-clients.ts";
import { type Fault, measureRecovery, type Recovery } from "./measure-recovery.ts";
import { measureServer } from "./measure-servers.ts";
import { type RealServer, startReal } from "./real.ts";
import { renderClients, renderServers, replaceParts } from "./report.ts";

const values = benchArguments({
  command: "npm run bench:kube",
  description:
    "Our Kubernetes client beside the published one, and the embedded API server beside a real one (needs Go). Writes RESULTS.md.",
  options: {
    cpu: { type: "string", default: "CPU not named", description: "processor, for the report" },
    date: { type: "string", default: "a day not named", description: "day, for the report" },
    objects: { type: "string", default: "10000", isNumber: true, description: "objects that are cached" },
    changes: { type: "string", default: "2000", isNumber: true, description: "changes that are watched" },
    seconds: { type: "string", default: "2", isNumber: true, description: "seconds of each load" },
    patience: {
      type: "string",
      default: "60",
      isNumber: true,
      description: "seconds that a broken watch has to go on",
    },
    only: { type: "string", description: "servers: leave the clients out" },
  },
});
const sizes = {
  objects: Number(values.objects),
  changes: Number(values.changes),
  seconds: Number(values.seconds),
};
const patienceMs = Number(values.patience) * 1_000;
const faults: readonly Fault[] = ["cut by FIN", "cut by RST", "half-open", "API server restarted"];

const say = (text: string): boolean =>
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0)} s: ${text}\n`);

async function measureEmbedded() {
  await using embedded = await startEmbedded();
  return await measureServer(embedded, sizes);
}

const circumstances = {
  cpu: values.cpu,
  date: values.date,
  node: process.versions.node,
  machine: await describeMachine(),
  ...sizes,
};

async function measureBothClients({ client: writer, kubeconfigPath, restart }: RealServer): Promise<string> {
  say("both clients");
  const clients = await measureClients(kubeconfigPath, { ...sizes, writer });
  const recoveries = new Map<Fault, Recovery>();
  for (const fault of faults) {
    say(fault);
    recoveries.set(fault, await measureRecovery(fault, { kubeconfigPath, writer, restart, patienceMs }));
  }
  return renderClients({ ...circumstances, patienceSeconds: patienceMs / 1_000, clients, recoveries });
}

if (values.only !== undefined && values.only !== "servers") {
  throw new Error(`--only takes "servers", not ${JSON.stringify(values.only)}`);
}
say("the embedded server");
const embedded = await measureEmbedded();
const real = await startReal();
say("kube-apiserver and etcd");
const measured = await measureServer(real, sizes);
const servers = renderServers({ ...circumstances, servers: { embedded, real: measured } });
const clients = values.only === "servers" ? undefined : await measureBothClients(real);
const file = new URL("RESULTS.md", import.meta.url);
const report = replaceParts(await readFile(file, "utf8"), { clients, servers });
await writeFile(file, report);
process.stdout.write(report);
await real[Symbol.asyncDispose]();
process.exit(); // sockets that were broken on purpose can keep Node from ending by itself
