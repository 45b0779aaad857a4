/**
 * The operator as a program of its own, to be killed: `node operator-program.ts SERVER NAMESPACE [GRANTS]`. It sends no events, as
 * these are no state: what it is killed at are the writes of its controllers.
 */
import { createKubeClient, interceptClient } from "@lmos/kube";
import { startOperator } from "@lmos/operator";
import {
  collectGarbage,
  keepHeapSmall,
  silentLogger,
  systemClock,
  systemIds,
  systemRandom,
} from "@lmos/primitives";
import { grantsModes } from "@lmos/resources";

keepHeapSmall(); // as the command does
const [server = "", namespace = "", wanted = "off"] = process.argv.slice(2);
const grants = grantsModes.find((mode) => mode === wanted);
const client = createKubeClient({
  connection: { server, namespace },
  clock: systemClock,
  userAgent: "operator-program/1.0.0",
});
await startOperator({
  onSettled: collectGarbage,
  client: interceptClient(client, {
    create: () => async (_, object) => object,
    patch: () => () => Promise.reject(new Error("events are not sent, nor how often they came again")),
  }),
  ...{ clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger },
  ...{ grants, local: true, namespaces: [namespace], listen: { host: "127.0.0.1", port: 0 } },
  signal: new AbortController().signal,
});
process.stdout.write(`${JSON.stringify({ message: "working" })}\n`);
