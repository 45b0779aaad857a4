/**
 * A runtime in a process of its own, with routings and Services that never change. Started by `runtime-process.ts`, which
 * it tells its port; stops gracefully on SIGTERM.
 */
import type { KubeClient } from "@lmos/kube";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { startRuntime } from "@lmos/runtime";
import { z } from "zod";
import { objectsFor, wordEmbedding } from "./objects.ts";

const parametersSchema = z.object({
  agents: z.record(z.string(), z.array(z.number())),
  limits: z.record(z.string(), z.number()),
  tenants: z.array(z.string()),
  routings: z
    .union([
      z.object({ kind: z.literal("file"), path: z.string() }),
      z.object({ kind: z.literal("operator"), url: z.string() }),
    ])
    .optional(),
});
const { agents, limits, tenants, routings } = parametersSchema.parse(JSON.parse(process.argv[2] ?? ""));
const objects = objectsFor(agents, tenants);
const stop = new AbortController();

const client: Pick<KubeClient, "list" | "watch"> = {
  list: async (type) => ({
    items: objects.filter(({ kind }) => kind === type.kind).map((object) => type.parse(object)),
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
  routings,
  embedding: wordEmbedding,
  ...{ clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger },
  local: routings === undefined,
  listen: { host: "127.0.0.1", port: 0 },
  limits,
  signal: stop.signal,
});
await runtime.whenReady({ signal: stop.signal });

process.on("message", () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  process.send?.({ held: heapUsed + external });
});
process.once("SIGTERM", () => void runtime[Symbol.asyncDispose]().then(() => process.exit(0)));
process.on("disconnect", () => process.exit());
process.send?.({ port: runtime.address.port });
