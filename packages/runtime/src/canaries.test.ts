/**
 * Row S13: personal data and secrets, at every place of a request and through every way that it can end, are in no log
 * line, no metric, no span and no error body. Row S12: what clients choose makes no series.
 */
import { FakeClock } from "@lmos/testing";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMetrics } from "./metrics/metrics.ts";
import { canaries, canaryWord } from "./testing/canaries.ts";
import { type FakeAgent, startFakeAgent } from "./testing/fake-agent.ts";
import { createFakeAuthenticator } from "./testing/fake-authenticator.ts";
import { stillGauges } from "./testing/gauges.ts";
import { GraphqlCaller } from "./testing/graphql-caller.ts";
import { createLineLogger } from "./testing/line-logger.ts";
import { routingOf } from "./testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "./testing/running-runtime.ts";

/**
 * Stands still but for the turns that hang, and for so little of them that nobody looks at how late the process is meanwhile:
 * on a busy machine that would refuse turns.
 */
const clock = new FakeClock();
const firstResultMs = 100;
const lines: string[] = [];
const errorBodies: string[] = [];
const exporter = new InMemorySpanExporter();
let agent: FakeAgent;
let running: RunningRuntime;
let guarded: RunningRuntime;

beforeAll(async () => {
  const logger = createLineLogger(lines);
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  agent = await startFakeAgent();
  const objects = [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])];
  const options = { objects, logger, clock, tracer: provider.getTracer("test"), limits: { firstResultMs } };
  running = await startTestRuntime(options);
  guarded = await startTestRuntime({ ...options, authenticator: createFakeAuthenticator() });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

interface Sent {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends it and keeps what comes back, unless that is an answer. */
async function send({ path = "/apis/v1/acme/chat/c1/message", body = "{}", headers }: Sent, to = running) {
  const url = `${to.url}${path}`;
  const all = { "content-type": "application/json", "x-turn-id": "t1", ...headers };
  const response = await fetch(url, { method: "POST", headers: all, body });
  const text = await response.text();
  if (response.status !== 200) errorBodies.push(text);
}

/** A header can carry this much of a text. */
const headerText = (text: string): string => encodeURIComponent(text).replaceAll("%20", " ");

interface Parts {
  readonly content?: string;
  readonly role?: string;
  readonly agent?: string;
  readonly channel?: string;
  readonly extra?: string;
}

function bodyOf({
  content = "hello",
  role = "user",
  agent: name = "agent-0",
  channel = "web",
  extra,
}: Parts): string {
  const params = extra === undefined ? [] : [{ key: extra, value: extra }];
  return JSON.stringify({
    inputContext: { messages: [{ role, content }], explicitAgent: name },
    systemContext: { channelId: channel, contextParams: params },
    userContext: { userId: extra ?? "u1", userToken: extra ?? null, contextParams: params },
    ...(extra !== undefined && { [extra]: extra }),
  });
}

/** Every place of a request and every way that a turn can end, for one text. */
function attempts(text: string): readonly Sent[] {
  const inHeader = headerText(text);
  const inPath = encodeURIComponent(text);
  const scripts = ["", "!error ", "!nexterror ", "!garbage ", "!half ", "!huge ", "!close "];
  return [
    ...scripts.map((script) => ({ body: bodyOf({ content: `${script}${text}`, extra: text }) })),
    { body: bodyOf({ content: text }), headers: { accept: "text/event-stream" } },
    { body: bodyOf({ content: `!error ${text}` }), headers: { accept: "text/event-stream" } },
    { body: bodyOf({ content: text, role: text }) },
    { body: bodyOf({ agent: text }) },
    { body: bodyOf({ channel: text }) },
    { body: `{"inputContext": ${JSON.stringify(text)}` },
    { body: JSON.stringify({ inputContext: text }) },
    { body: JSON.stringify([text]) },
    { body: text, headers: { "content-type": "text/plain" } },
    { body: bodyOf({}), headers: { "user-agent": inHeader, cookie: inHeader, "x-unknown": inHeader } },
    { body: bodyOf({}), headers: { "x-correlation-id": inHeader, traceparent: inHeader } },
    { body: bodyOf({}), headers: { "x-turn-id": inHeader, "x-subset": inHeader } },
    { body: bodyOf({}), headers: { accept: inHeader } },
    { body: bodyOf({}), headers: { "last-event-id": inHeader, accept: "text/event-stream" } },
    { path: `/apis/v1/${inPath}/chat/c1/message`, body: bodyOf({}) },
    { path: `/apis/v1/acme/chat/${inPath}/message`, body: bodyOf({ content: "!error" }) },
    { path: `/apis/v1/acme/chat/c1/message?q=${inPath}`, body: bodyOf({}) },
    { path: `/${inPath}`, body: text },
    { path: `/a2a/acme/${inPath}`, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: text }) },
    {
      path: "/a2a/acme/web",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "message/send", params: text }),
    },
  ];
}

/** Asks an agent that gives no answer, until the time for one is over. */
async function hang(texts: readonly string[]): Promise<void> {
  const contents = texts.map((text) => `!hang ${text}`);
  const sent = contents.map((content, at) => send({ body: bodyOf({ content, extra: texts[at] ?? "" }) }));
  const isAsked = (content: string) =>
    agent.whenSeen(({ frame }) => JSON.stringify(frame ?? {}).includes(JSON.stringify(content)));
  await Promise.all(contents.map(isAsked));
  await clock.advance(firstResultMs);
  await Promise.all(sent);
}

describe("S13", () => {
  beforeAll(async () => {
    for (const { text } of canaries) {
      await Promise.all(attempts(text).map((sent) => send(sent)));
      const authorization = headerText(text);
      await send({ body: bodyOf({}), headers: { authorization } }, guarded);
      await send({ path: `/x?access_token=${encodeURIComponent(text)}` }, guarded);
    }
    await hang(canaries.map(({ text }) => text));
    using caller = await GraphqlCaller.acknowledged(running.url);
    for (const { text } of canaries) {
      caller.send({ type: "subscribe", id: text.slice(0, 200), payload: { query: `{ ${text} }` } });
      await caller.next();
    }
  }, 120_000);

  test("25 canaries were sent, and turns ran and failed with them", () => {
    expect(canaries).toHaveLength(25);
    const outcomes = lines
      .filter((line) => line.includes("A turn ended"))
      .map((line) => String(JSON.parse(line).outcome));
    const counts = Object.fromEntries(
      [...Map.groupBy(outcomes, (each) => each)].map(([k, v]) => [k, v.length]),
    );
    expect(counts).toEqual({
      answered: 25 * 6,
      agent_error: 25 * 4,
      agent_interrupted: 25 * 2,
      agent_protocol_error: 25,
      agent_timeout: 25,
      no_routing: 25 * 2,
      response_too_large: 25,
      unknown_agent: 25,
    });
    expect(new Set(errorBodies).size).toBeGreaterThan(10);
    expect(JSON.stringify(agent.seen)).toMatch(canaryWord);
  });

  test("no log line has one", () => {
    expect(lines.filter((line) => canaryWord.test(line))).toEqual([]);
  });

  test("no metric has one", async () => {
    for (const { managementUrl } of [running, guarded]) {
      expect(await (await fetch(`${managementUrl}/metrics`)).text()).not.toMatch(canaryWord);
    }
  });

  test("no span has one", () => {
    const spans = exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status }) => JSON.stringify({ name, attributes, events, status }));
    expect(spans.length).toBeGreaterThan(100);
    expect(spans.filter((span) => canaryWord.test(span))).toEqual([]);
  });

  test("no error body has one", () => {
    expect(errorBodies.filter((body) => canaryWord.test(body))).toEqual([]);
  });

  test("each turn has one line, and that has no text", () => {
    const known = new Set(
      "message tenant channel subset conversationId turnId correlationId traceparent snapshot decision agent confidence outcome ms error".split(
        " ",
      ),
    );
    for (const line of lines.filter((each) => each.includes("A turn ended"))) {
      expect(Object.keys(JSON.parse(line)).filter((key) => !known.has(key))).toEqual([]);
    }
  });
});

describe("S12", () => {
  const seriesOf = (text: string): number =>
    text.split("\n").filter((line) => line.startsWith("lmos_")).length;

  test("what clients choose makes no series", async () => {
    const metrics = async (): Promise<string> => (await fetch(`${running.managementUrl}/metrics`)).text();
    await send({ path: "/apis/v1/nobody/chat/c/message", body: bodyOf({}) });
    const before = seriesOf(await metrics());
    for (let each = 0; each < 500; each++) {
      await send({
        path: `/apis/v1/tenant-${each}/chat/c-${each}/message`,
        body: bodyOf({ channel: `channel-${each}`, agent: `agent-${each}`, extra: `user-${each}` }),
        headers: { "x-turn-id": `t-${each}`, "x-subset": `s-${each}` },
      });
    }
    expect(seriesOf(await metrics())).toBe(before);
  });

  test("a million turns leave as many series as one", async () => {
    const metrics = createMetrics(stillGauges);
    const turn = { outcome: "answered", decision: "accept", ms: 1, routingMs: 1, confidence: 1 } as const;
    const channel = { tenant: "acme", channel: "web", subset: "stable" };
    const end = (): void => metrics.turnEnded({ ...turn, channel });
    end();
    const before = seriesOf((await metrics.render()).text);
    for (let each = 0; each < 1_000_000; each++) end();
    expect(seriesOf((await metrics.render()).text)).toBe(before);
  });
});
