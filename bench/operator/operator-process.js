/** The operator in a process of its own: the built packages, as the image runs them, and no TypeScript. It says what it has asked of the server and what it uses. */
import { createKubeClient, interceptClient, loadConnection } from "@lmos/kube";
import { startOperator } from "@lmos/operator";
import {
  collectGarbage,
  keepHeapSmall,
  silentLogger,
  systemClock,
  systemIds,
  systemRandom,
} from "@lmos/primitives";

keepHeapSmall();
const [kubeconfigPath = ""] = process.argv.slice(2);
const { signal } = new AbortController();
const listen = { host: "127.0.0.1", port: 0 };
const machine = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };
const counts = { lists: 0, writes: 0, events: 0 };

const client = createKubeClient({
  connection: loadConnection({ kubeconfigPath }),
  clock: systemClock,
  userAgent: "lmos-operator",
});
const counted = interceptClient(client, {
  list: (next) => (type, options) => {
    counts.lists += 1;
    return next(type, options);
  },
  apply: (next) => (type, object, options) => {
    counts.writes += 1;
    return next(type, object, options);
  },
  delete: (next) => (type, key, options) => {
    counts.writes += 1;
    return next(type, key, options);
  },
  create: (next) => (type, object, options) => {
    counts.events += 1;
    return next(type, object, options);
  },
  patch: (next) => (type, key, patch, options) => {
    counts.events += 1;
    return next(type, key, patch, options);
  },
});
await startOperator({
  ...machine,
  client: counted,
  local: false,
  onSettled: collectGarbage,
  listen,
  signal,
});

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  const value = {
    ...counts,
    cpuMs: (user + system) / 1000,
    residentMiB: rss / 2 ** 20,
    heapMiB: heapUsed / 2 ** 20,
  };
  process.send?.({ value });
});
process.on("disconnect", () => process.exit());
process.send?.({ value: "ready" });
