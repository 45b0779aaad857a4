/**
 * Turns through the whole of it: routings and Services on an embedded API server, agents of the SDK on real sockets, the
 * runtime between them and an HTTP client.
 */
import { defineAgent, type ServedAgent, serve, type TurnContext } from "@lmos/agent";
import { loadStaticModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { formatLocalEndpoints, localEndpointsAnnotation, serviceHost } from "@lmos/resources";
import { type Runtime, startRuntime } from "@lmos/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, startCluster } from "./operator-harness.ts";

const { signal } = new AbortController();
const orderExamples = [
  "where is my order",
  "track my parcel",
  "when will my package arrive",
  "has my order been shipped yet",
  "what is the status of my delivery",
];
const billingExamples = [
  "show me my last invoice",
  "why is my bill so high this month",
  "send me a copy of my invoice",
  "what do I have to pay",
  "I want to see my bill",
];

let cluster: Cluster;
let runtime: Runtime;
let orders: ServedAgent;
let billing: ServedAgent;

function serveAgent(name: string, respond: Respond): Promise<ServedAgent> {
  const capability = { name, version: "1.0.0", description: name, examples: [] };
  const profile = { name, description: name, capabilities: [capability], supportedChannels: ["web"] };
  return serve(defineAgent({ ...profile, respond }), { port: 0, host: "127.0.0.1", logger: silentLogger });
}

type Respond = (context: Pick<TurnContext, "message" | "note">) => string | AsyncIterable<string>;

/** Says much on the way where all invoices are wanted. */
const billingAnswer: Respond = ({ message, note }) => {
  if (message.includes("all my invoices")) for (let at = 1; at <= 150; at++) note(`invoice ${at}`);
  return `You asked: ${message}`;
};

async function* inPieces(): AsyncGenerator<string, undefined, undefined> {
  yield "It is ";
  yield "on its way.";
  return undefined;
}

async function publish(name: string, { port }: ServedAgent): Promise<void> {
  const endpoints = formatLocalEndpoints([{ address: "127.0.0.1", port: 8080, targetPort: port }]);
  await cluster.apply({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default", annotations: { [localEndpointsAnnotation]: endpoints } },
    ...{ spec: { selector: { app: name }, ports: [{ port: 8080, targetPort: 8080 }] } },
  });
}

function groupOf(name: string, examples: readonly string[]): unknown {
  const host = serviceHost({ service: name, namespace: "default", port: 8080 });
  const capability = { id: name, name: `${name}-help`, requiredVersion: ">=1.0.0", providedVersion: "1.0.0" };
  return {
    id: name,
    name,
    description: name,
    capabilities: [{ ...capability, host, description: "", examples }],
  };
}

async function applyRouting(capabilityGroups: readonly unknown[]): Promise<void> {
  await cluster.apply({
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: {
      name: "acme-web-stable",
      namespace: "default",
      labels: { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" },
    },
    ...{ spec: { capabilityGroups } },
  });
}

function post(content: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${runtime.address.port}/apis/v1/acme/chat/c1/message`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-turn-id": "t1", "x-lmos-explain": "true", ...headers },
    body: JSON.stringify({
      inputContext: { messages: [{ role: "user", content }] },
      systemContext: { channelId: "web" },
      userContext: { userId: "u1" },
    }),
  });
}

async function answerTo(content: string): Promise<unknown> {
  const response = await post(content);
  return { agent: response.headers.get("x-lmos-agent"), body: await response.json() };
}

beforeAll(async () => {
  cluster = await startCluster();
  orders = await serveAgent("order-agent", inPieces);
  billing = await serveAgent("billing-agent", billingAnswer);
  await publish("order-agent", orders);
  await publish("billing-agent", billing);
  await applyRouting([groupOf("order-agent", orderExamples), groupOf("billing-agent", billingExamples)]);
  runtime = await startRuntime({
    client: cluster.client,
    embedding: await loadStaticModel({ signal }),
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    logger: silentLogger,
    local: true,
    listen: { host: "127.0.0.1", port: 0 },
    signal,
  });
  await runtime.whenReady({ signal });
});

afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await Promise.all([orders.stop(), billing.stop()]);
  await cluster[Symbol.asyncDispose]();
});

test("a message reaches the agent whose capability it is about", async () => {
  expect(await answerTo("where is my parcel?")).toEqual({
    agent: "order-agent",
    body: { content: "It is on its way.", anonymizationEntities: [] },
  });
  expect(await answerTo("please send me my last invoice")).toMatchObject({
    agent: "billing-agent",
    body: { content: "You asked: please send me my last invoice" },
  });
});

test("an answer is streamed piece by piece as the agent produces it", async () => {
  const response = await post("where is my parcel?", { accept: "text/event-stream" });
  const events = (await response.text()).trim().split("\n\n");
  expect(events.map((event) => event.split("\n")[1])).toEqual([
    "event: turn-start",
    "event: routing",
    "event: text-delta",
    "event: text-delta",
    "event: message",
    "event: turn-end",
  ]);
});

test("a stream says how many notes were not sent, as they were not read as fast", async () => {
  const response = await post("please send me all my invoices", { accept: "text/event-stream" });
  const events = (await response.text()).trim().split("\n\n");
  const names = events.map((event) => event.split("\n")[1]?.replace("event: ", ""));
  expect(names.filter((name) => name === "note")).toHaveLength(100);
  expect(names.slice(-3)).toEqual(["notes-dropped", "message", "turn-end"]);
  expect(events.at(-3)).toContain('data: {"count":50}');
  const metrics = await fetch(`http://127.0.0.1:${runtime.address.port}/metrics`);
  expect(await metrics.text()).toContain("lmos_notes_dropped_total 50");
});

test("an agent that moved is found again", async () => {
  await orders.stop();
  expect((await post("where is my parcel?")).status).toBe(503);
  orders = await serveAgent("order-agent", () => "I am back.");
  await publish("order-agent", orders);
  await expect.poll(() => answerTo("where is my parcel?")).toMatchObject({ body: { content: "I am back." } });
});

test("a changed routing is followed, and turns go on when the API server is gone", async () => {
  await applyRouting([groupOf("billing-agent", billingExamples)]);
  const agents = async (): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${runtime.address.port}/apis/v1/agents/acme/web`);
    return response.json();
  };
  await expect.poll(agents).toMatchObject([{ name: "billing-agent" }]);
  await cluster[Symbol.asyncDispose]();
  expect(await answerTo("please send me my last invoice")).toMatchObject({ agent: "billing-agent" });
});
