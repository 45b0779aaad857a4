/**
 * Measures our Kubernetes client beside `@kubernetes/client-node` on the same kube-apiserver, and the embedded API server
 * beside the real one; writes RESULTS.md. `npm run bench:kube -- --cpu "…" --date 2026-11-21`
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startEmbedded } from "./embedded.ts";
import { describeMachine } from "./machine.ts";
import { measureClients } from "./measure-clients.ts";
import { type Fault, measureRecovery, type Recovery } from "./measure-recovery.ts";
import { measureServer } from "./measure-servers.ts";
import { startReal } from "./real.ts";
import { renderReport } from "./report.ts";

const { values } = parseArgs({
  options: {
    cpu: { type: "string", default: "CPU not named" },
    date: { type: "string", default: "a day not named" },
    objects: { type: "string", default: "10000" },
    changes: { type: "string", default: "2000" },
    seconds: { type: "string", default: "2" },
    patience: { type: "string", default: "60" },
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

const machine = await describeMachine();
say("the embedded server");
const embedded = await measureEmbedded();
say("kube-apiserver and etcd");
const real = await startReal();
const { client: writer, kubeconfigPath, restart } = real;
const measured = await measureServer(real, sizes);
say("both clients");
const clients = await measureClients(kubeconfigPath, { ...sizes, writer });
const recoveries = new Map<Fault, Recovery>();
for (const fault of faults) {
  say(fault);
  recoveries.set(fault, await measureRecovery(fault, { kubeconfigPath, writer, restart, patienceMs }));
}
const report = renderReport({
  cpu: values.cpu,
  date: values.date,
  node: process.versions.node,
  machine,
  objects: sizes.objects,
  seconds: sizes.seconds,
  patienceSeconds: patienceMs / 1_000,
  clients,
  recoveries,
  servers: { embedded, real: measured },
});
await writeFile(new URL("RESULTS.md", import.meta.url), report);
process.stdout.write(report);
await real[Symbol.asyncDispose]();
process.exit(); // sockets that were broken on purpose can keep Node from ending by itself
