/**
 * A runtime in a process of its own, with one routing that never changes. Started with the agent's port as its argument;
 * tells its parent its port, and its use of CPU and memory when asked.
 */
import { loadStaticModel } from "@lmos/embeddings";
import type { KubeClient } from "@lmos/kube";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { startRuntime } from "@lmos/runtime";
import { routingFor } from "../catalogue.ts";
import { tellUsage } from "../usage.ts";

const routing = await routingFor(`127.0.0.1:${process.argv[2]}`);
const { signal } = new AbortController();

const client: Pick<KubeClient, "list" | "watch"> = {
  list: async (type) => ({
    items: type.kind === routing.kind ? [type.parse(routing)] : [],
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
  signal,
});
await runtime.whenReady({ signal });

tellUsage(runtime.address.port);
