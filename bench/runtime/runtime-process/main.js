/**
 * A runtime in a process of its own: the built packages, as an installed runtime runs them, and no TypeScript. Its routings
 * never change: they are those of the file that its first argument names; the second holds the limits that differ. Tells its
 * parent its port when it is ready.
 */
import { readFile } from "node:fs/promises";
import { loadStaticModel } from "@lmos/embeddings";
import {
  collectYoungObjectsAlone,
  keepHeapSmall,
  letHeapGrow,
  makeObjectsYoung,
  silentLogger,
  systemClock,
  systemIds,
  systemRandom,
} from "@lmos/primitives";
import { channelRoutingKind } from "@lmos/resources";
import { startRuntime } from "@lmos/runtime";

collectYoungObjectsAlone(); // as `lmos runtime` does
makeObjectsYoung();
keepHeapSmall(); // until it is ready, as it does as well
const [routings = "", limits = "{}"] = process.argv.slice(2);
const { signal } = new AbortController();

const client = {
  list: async ({ kind, parse }) => ({
    items: kind === channelRoutingKind.kind ? JSON.parse(await readFile(routings, "utf8")).map(parse) : [],
    invalid: [],
    resourceVersion: "1",
    continueToken: undefined,
  }),
  watch: async function* (_type, options) {
    await new Promise((resolve) => options.signal.addEventListener("abort", resolve));
  },
};

const runtime = await startRuntime({
  client,
  embedding: await loadStaticModel({ signal }),
  clock: systemClock,
  random: systemRandom,
  ids: systemIds,
  logger: silentLogger,
  local: false,
  listen: { host: "127.0.0.1", port: 0 },
  limits: JSON.parse(limits),
  signal,
});
await runtime.whenReady({ signal });
letHeapGrow();

process.on("disconnect", () => process.exit());
process.send?.({ port: runtime.address.port });
