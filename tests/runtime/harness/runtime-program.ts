/**
 * A runtime in a process of its own. Started by `runtime-process.ts`, which it tells its port; stops gracefully on
 * SIGTERM. Unless it is told where routings come from, they and its agents' Services never change.
 */
import dns from "node:dns";
import { readFileSync } from "node:fs";
import { type EmbeddingModel, loadOpenAiModel, loadStaticModel } from "@lmos/embeddings";
import type { KubeClient } from "@lmos/kube";
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
import { createOpenAiChatModel } from "@lmos/router";
import { startRuntime } from "@lmos/runtime";
import { z } from "zod";
import { directClient } from "../../faults/harness/access.ts";
import { objectsFor, wordEmbedding } from "./objects.ts";

const parametersSchema = z.object({
  /** Ports by the name of an agent. */
  agents: z.record(z.string(), z.array(z.number())).default({}),
  limits: z.record(z.string(), z.number()).default({}),
  /** Each has a web channel with all agents. */
  tenants: z.array(z.string()).default(["acme"]),
  /** Where routings come from; those for `agents` unless given. */
  routings: z
    .union([
      z.object({ kind: z.literal("file"), path: z.string() }),
      z.object({ kind: z.literal("operator"), url: z.string() }),
      z.object({
        kind: z.literal("kubernetes"),
        server: z.object({ url: z.string(), token: z.string(), certificateAuthority: z.string() }),
      }),
    ])
    .optional(),
  /** The built-in model, or a service; where all messages name their agent there is none. */
  embedding: z
    .union([
      z.object({ kind: z.literal("static") }),
      z.object({ kind: z.literal("service"), url: z.string() }),
    ])
    .optional(),
  /** API of a language model, of OpenAI's shape. */
  chatModelUrl: z.string().optional(),
  agentsCa: z.string().optional(),
  /** JSON file of addresses by name, read at each lookup of one of them. */
  namesPath: z.string().optional(),
});

/** What a program is told. */
export type ProgramParameters = z.input<typeof parametersSchema>;

const parameters = parametersSchema.parse(JSON.parse(process.argv[2] ?? ""));
const stop = new AbortController();
const { signal } = stop;
const machine = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger };

type LookupAllCallback = (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void;

type MirrorClient = Pick<KubeClient, "list" | "watch" | "discover">;

/** An API server that says what it says for ever. */
function unchanging(objects: readonly { readonly kind: string }[]): MirrorClient {
  return {
    discover: async () => [],
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
}

function clientFor({ routings, agents, tenants }: typeof parameters): MirrorClient {
  return routings?.kind === "kubernetes"
    ? directClient(routings.server)
    : unchanging(objectsFor(agents, tenants));
}

async function embeddingFor({ embedding }: typeof parameters): Promise<EmbeddingModel> {
  if (embedding === undefined) return wordEmbedding;
  if (embedding.kind === "static") return loadStaticModel({ signal });
  return loadOpenAiModel({ baseUrl: embedding.url, model: "stub", ...machine, signal });
}

function chatModelFor({ chatModelUrl }: typeof parameters) {
  if (chatModelUrl === undefined) return undefined;
  return createOpenAiChatModel({ baseUrl: chatModelUrl, model: "stub" });
}

collectYoungObjectsAlone(); // as the command does
makeObjectsYoung();
keepHeapSmall();
if (parameters.namesPath !== undefined) lookUpIn(parameters.namesPath);
const runtime = await startRuntime({
  client: clientFor(parameters),
  routings: parameters.routings?.kind === "kubernetes" ? undefined : parameters.routings,
  embedding: await embeddingFor(parameters),
  chatModel: chatModelFor(parameters),
  ...machine,
  local: parameters.routings === undefined,
  agentsCa: parameters.agentsCa,
  listen: { host: "127.0.0.1", port: 0 },
  limits: parameters.limits,
  signal,
});
await runtime.whenReady({ signal });
letHeapGrow();

const orderSchema = z.union([
  z.object({ say: z.enum(["usage", "busyMs"]) }),
  z.object({ block: z.number() }),
]);
process.on("message", (message) => {
  const order = orderSchema.parse(message);
  if ("block" in order) return block(order.block);
  if (order.say === "busyMs") return process.send?.(busyMs());
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
  process.send?.({ held: heapUsed + external, rss, sockets });
});
process.once("SIGTERM", () => void runtime[Symbol.asyncDispose]().then(() => process.exit(0)));
process.on("disconnect", () => process.exit());
process.send?.({ port: runtime.address.port });

/** Milliseconds of processor time since its start. */
function busyMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    // busy
  }
}

/** What the machine would find, but for the names of that file: a DNS server of the test's own. */
function lookUpIn(path: string): void {
  const usual = dns.lookup;
  const lookup = (name: string, options: dns.LookupAllOptions, callback: LookupAllCallback): void => {
    const address = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(path, "utf8")))[name];
    if (address === undefined) usual(name, options, callback);
    else process.nextTick(callback, null, [{ address, family: 4 }]);
  };
  Object.assign(dns, { lookup });
}
