/**
 * Row S13 on the agents' side: personal data and secrets that an agent fails with, and that it sends to the doors for agents,
 * are in no log line, no metric, no span and no error body; nor are the tokens that agents get.
 */
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries, canaryWord } from "./testing/canaries.ts";
import { type FakeAgent, type Seen, startFakeAgent } from "./testing/fake-agent.ts";
import { createKeyFile, type KeyFile, newKey } from "./testing/key-files.ts";
import { createLineLogger } from "./testing/line-logger.ts";
import { routingOf } from "./testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "./testing/running-runtime.ts";

const lines: string[] = [];
const errorBodies: string[] = [];
const statuses: number[] = [];
const exporter = new InMemorySpanExporter();
let agent: FakeAgent;
let keyFile: KeyFile;
let running: RunningRuntime;

beforeAll(async () => {
  const logger = createLineLogger(lines);
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  agent = await startFakeAgent();
  keyFile = createKeyFile(newKey());
  running = await startTestRuntime({
    objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
    ...{ logger, tracer: provider.getTracer("test") },
    agentTokens: { keyFile: keyFile.path, issuer: "lmos-runtime" },
  });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
  keyFile[Symbol.dispose]();
});

/** An entry of what the agent was asked last. */
function entryOf({ frame }: Seen, wanted: string): string {
  const entries: readonly { key: string; value: string }[] =
    Object(frame).payload.variables.request.systemContext;
  return entries.find(({ key }) => key === wanted)?.value ?? "";
}

async function keep(response: Response): Promise<void> {
  statuses.push(response.status);
  const text = await response.text();
  if (response.status >= 400) errorBodies.push(text);
}

/** All that an agent can send to one of the doors. */
async function knock(asks: string, memory: string, text: string): Promise<void> {
  const inPath = encodeURIComponent(text);
  const json = { "content-type": "application/json" };
  const post = (url: string, body: string, headers: Readonly<Record<string, string>> = json) =>
    fetch(url, { method: "POST", headers, body });
  const put = (url: string, body: string) => fetch(url, { method: "PUT", headers: json, body });
  const sent = [
    post(asks, JSON.stringify({ capability: text, text })),
    post(asks, JSON.stringify({ capability: 1, text })),
    post(asks, text),
    post(asks, JSON.stringify({ capability: "agent-0-capability", text }), {
      ...json,
      authorization: `Bearer ${inPath}`,
    }),
    post(asks.replace(/[^/]+$/, inPath), JSON.stringify({ capability: text, text })),
    put(`${memory}/short/channel/${inPath}`, JSON.stringify({ value: text })),
    put(`${memory}/short/channel/note`, JSON.stringify({ value: { [text]: text }, ttlSeconds: text })),
    put(`${memory}/long/tenant/note`, JSON.stringify({ value: text })),
    put(`${memory}/${inPath}/${inPath}/note`, JSON.stringify({ value: text })),
    fetch(`${memory}?term=${inPath}&scope=${inPath}`),
    fetch(`${memory.replace(/[^/]+$/, inPath)}/short/channel/note`),
  ];
  for (const response of sent) await keep(await response);
}

describe("S13", () => {
  beforeAll(async () => {
    const scripts = ["error", "result", "type", "garbage", "close", "payload", "status"];
    for (const { text } of canaries) {
      for (const script of scripts) {
        await keep(await postMessage(running, messageBody(`!quote${script} ${text}`)));
        await keep(await postMessage(running, messageBody("hello"))); // an agent that only fails is left alone
      }
    }
    const working = postMessage(running, messageBody("!wait"));
    const asked = await agent.whenSeen(({ frame }) => JSON.stringify(frame ?? {}).includes('"!wait"'));
    for (const { text } of canaries)
      await knock(entryOf(asked, "lmos.ask"), entryOf(asked, "lmos.memory"), text);
    agent.release();
    await keep(await working);
  }, 120_000);

  test("agents failed with all of them, and knocked at their doors", () => {
    expect(statuses).toHaveLength(25 * 14 + 25 * 11 + 1);
    expect([...new Set(statuses)]).toEqual(expect.arrayContaining([200, 400, 401, 404, 500]));
    expect(new Set(errorBodies).size).toBeGreaterThan(8);
    expect(JSON.stringify(agent.seen)).toMatch(canaryWord);
  });

  test("no log line has one", () => {
    expect(lines.length).toBeGreaterThan(25 * 7);
    expect(lines.filter((line) => canaryWord.test(line))).toEqual([]);
  });

  test("no error body has one", () => {
    expect(errorBodies.filter((body) => canaryWord.test(body))).toEqual([]);
  });

  test("no metric has one", async () => {
    expect(await (await fetch(`${running.managementUrl}/metrics`)).text()).not.toMatch(canaryWord);
  });

  test("no span has one", () => {
    const spans = exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status }) => JSON.stringify({ name, attributes, events, status }));
    expect(spans.length).toBeGreaterThan(100);
    expect(spans.filter((span) => canaryWord.test(span))).toEqual([]);
  });

  test("a token that an agent got is in none of them", async () => {
    const asked = agent.seen.filter(({ frame }) => frame?.["type"] === "subscribe");
    const tokens = asked.map((seen) => entryOf(seen, "lmos.token"));
    const metrics = await (await fetch(`${running.managementUrl}/metrics`)).text();
    const spans = exporter.getFinishedSpans().map(({ attributes, events }) => ({ attributes, events }));
    const all = [...lines, ...errorBodies, metrics, JSON.stringify(spans)].join("\n");
    expect(tokens.length).toBeGreaterThan(100);
    for (const token of tokens) {
      const [, , signature = ""] = token.split(".");
      expect(signature.length).toBeGreaterThan(40);
      expect(all.includes(signature)).toBe(false);
    }
  });
});
