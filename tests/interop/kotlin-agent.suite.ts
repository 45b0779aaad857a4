/** A Kotlin agent, ARC 0.126.0 on its Ktor server, called by our runtime. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddingModel } from "@lmos/embeddings";
import { silentLogger, systemClock, systemIds, systemRandom } from "@lmos/primitives";
import { type Runtime, startRuntime } from "@lmos/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type KotlinAgent, startKotlinAgent } from "./kotlin-agent.ts";

/** All messages name their agent: nothing is embedded. */
const embedding: EmbeddingModel = {
  id: "none",
  dimension: 1,
  embed: async (texts) => texts.map(() => Float32Array.of(1)),
};

let folder: string;
let agent: KotlinAgent;
let runtime: Runtime;

beforeAll(async () => {
  agent = await startKotlinAgent();
  folder = mkdtempSync(join(tmpdir(), "lmos-interop-"));
  const path = join(folder, "routings.json");
  writeFileSync(path, JSON.stringify({ channelRoutings: [routingTo(`127.0.0.1:${agent.port}`)] }));
  const { signal } = new AbortController();
  runtime = await startRuntime({
    routings: { kind: "file", path },
    embedding,
    ...{ clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger },
    local: false,
    listen: { host: "127.0.0.1", port: 0 },
    signal,
  });
  await runtime.whenReady({ signal });
});

afterAll(async () => {
  await runtime?.[Symbol.asyncDispose]();
  await agent?.[Symbol.asyncDispose]();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

function routingTo(host: string) {
  const capability = { id: "answer", name: "answer", providedVersion: "1.0.0", host };
  return {
    metadata: { name: "acme-web", labels: { tenant: "acme", channel: "web", subset: "stable" } },
    spec: { capabilityGroups: [{ id: "kotlin-agent", name: "kotlin-agent", capabilities: [capability] }] },
  };
}

interface Said {
  readonly role: "user" | "assistant";
  readonly content: string;
}

const entities = [{ type: "NAME", value: "Pat", replacement: "#1" }];

function post(
  messages: readonly Said[],
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
) {
  const conversation = systemIds.next();
  return fetch(`http://127.0.0.1:${runtime.address.port}/apis/v1/acme/chat/${conversation}/message`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-turn-id": systemIds.next(), ...headers },
    body: JSON.stringify({
      inputContext: { messages, explicitAgent: "kotlin-agent", anonymizationEntities: entities },
      systemContext: { channelId: "web", contextParams: [{ key: "k", value: "v" }] },
      userContext: { userId: "u1", contextParams: [{ key: "name", value: "Pat" }] },
    }),
    signal: signal ?? null,
  });
}

const asked = (content: string): readonly Said[] => [{ role: "user", content }];

test("answers over REST", async () => {
  const response = await post(asked("hello"));
  expect([response.status, await response.json()]).toEqual([
    200,
    { content: "kotlin says: hello (1 messages)", anonymizationEntities: entities },
  ]);
});

test("gets the conversation so far", async () => {
  const said: readonly Said[] = [
    { role: "user", content: "one" },
    { role: "assistant", content: "two" },
    { role: "user", content: "three" },
  ];
  expect(await (await post(said)).json()).toMatchObject({ content: "kotlin says: three (3 messages)" });
});

test.each([
  { name: "a status of its own", asked: "!break", answer: "stopped early" },
  { name: "a hand-over to a person", asked: "!human", answer: "A person will call you." },
  { name: "a hand-over to an agent of the same process", asked: "!here", answer: "stopped early" },
  { name: "a hand-over to an agent that the channel has not", asked: "!far", answer: "handed over" },
  { name: "contexts and profile", asked: "!knows", answer: "v Pat" },
  { name: "an empty answer", asked: "!empty", answer: "" },
  { name: "a long answer", asked: "!long", answer: "x".repeat(60_000) },
  { name: "an answer that takes its time", asked: "!slow", answer: "kotlin says: !slow (1 messages)" },
  { name: "other letters", asked: "Grüße 👋 \u2028", answer: "kotlin says: Grüße 👋 \u2028 (1 messages)" },
])("passes on $name", async ({ asked: content, answer }) => {
  const response = await post(asked(content));
  expect([response.status, await response.json()]).toMatchObject([200, { content: answer }]);
});

/** The agent sends what it says on the way by a task of its own: often after the answer. */
test("takes nothing that is said on the way for the answer", async () => {
  const answers = Array.from({ length: 20 }, async () => (await post(asked("!say"))).json());
  for (const answer of await Promise.all(answers))
    expect(answer).toMatchObject({ content: "kotlin says: !say (1 messages)" });
});

test("nor in a stream, whether the agent still sends it or not", async () => {
  const text = await (await post(asked("!say"), { accept: "text/event-stream" })).text();
  const kinds = [...text.matchAll(/^event: (.*)$/gm)].map(([, kind]) => kind);
  expect(kinds.filter((kind) => kind !== "note")).toEqual(["turn-start", "routing", "message", "turn-end"]);
});

test("answers as an event stream", async () => {
  const text = await (await post(asked("hello"), { accept: "text/event-stream" })).text();
  const kinds = [...text.matchAll(/^event: (.*)$/gm)].map(([, kind]) => kind);
  expect(kinds).toEqual(["turn-start", "routing", "message", "turn-end"]);
});

test.each(["!fail", "!throw"])("tells a failure without its text: %s", async (content) => {
  const response = await post(asked(content));
  expect([response.status, await response.json()]).toEqual([
    500,
    { errorCode: "AGENT_CLIENT_EXCEPTION", message: "The agent kotlin-agent reported an error." },
  ]);
});

/** What the agent says of the turns that waited, and of those of them that were cancelled. */
async function counts(): Promise<string> {
  const answer = await (await post(asked("!counts"))).json();
  return z.object({ content: z.string() }).parse(answer).content;
}

test.each([
  { name: "for one answer", headers: {} },
  { name: "for a stream", headers: { accept: "text/event-stream" } },
])("tells the agent that a client has left who waited $name, without harm to others", async ({ headers }) => {
  const [waited = 0, cancelled = 0] = ((await counts()).match(/\d+/g) ?? []).map(Number);
  const client = new AbortController();
  const leaving = post(asked("!wait"), headers, client.signal)
    .then((response) => response.text())
    .catch(() => "left");
  await expect.poll(counts, { timeout: 10_000 }).toBe(`${waited + 1} waited, ${cancelled} cancelled`);
  client.abort();
  expect(await leaving).toBe("left");
  await expect.poll(counts, { timeout: 10_000 }).toBe(`${waited + 1} waited, ${cancelled + 1} cancelled`);
});

test("answers 400 turns at 8 callers, each its own", async () => {
  const caller = async (name: number): Promise<number> => {
    let right = 0;
    for (let turn = 0; turn < 50; turn++) {
      const content = `question ${name}-${turn}`;
      const answer = await (await post(asked(content))).text();
      if (answer.includes(`kotlin says: ${content} (`)) right += 1;
    }
    return right;
  };
  const startedAt = performance.now();
  const right = await Promise.all(Array.from({ length: 8 }, (_, name) => caller(name)));
  const seconds = (performance.now() - startedAt) / 1000;
  process.stdout.write(`Kotlin ARC 0.126.0: ${Math.round(400 / seconds)} turns/s at 8 callers\n`);
  expect(right).toEqual(Array.from({ length: 8 }, () => 50));
});

test("says that the agent cannot be reached once it has gone", async () => {
  await agent[Symbol.asyncDispose]();
  const response = await post(asked("hello"));
  expect([response.status, await response.json()]).toMatchObject([
    503,
    { errorCode: "AGENT_CLIENT_EXCEPTION" },
  ]);
});
