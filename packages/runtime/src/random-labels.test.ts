/**
 * Row S12: whatever callers and agents choose, at every place where they can choose something, no metric has more series
 * afterwards.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConversations } from "./conversation/stored-conversations.ts";
import { createMetrics } from "./metrics/metrics.ts";
import { type FakeAgent, startFakeAgent } from "./testing/fake-agent.ts";
import { createFakeAuthenticator } from "./testing/fake-authenticator.ts";
import { stillGauges } from "./testing/gauges.ts";
import { GraphqlCaller } from "./testing/graphql-caller.ts";
import { routingOf } from "./testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "./testing/running-runtime.ts";
import { routingEventOf, turnOf } from "./testing/turns.ts";
import { turnFailure } from "./turn/failure.ts";
import { TurnRecord } from "./turn/record.ts";
import type { TurnEvent } from "./turn/turn.ts";

/** Texts of which no two are equal. */
class Texts {
  readonly #random: SeededRandom;
  #given = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  get given(): number {
    return this.#given;
  }

  next(): string {
    this.#given += 1;
    return `${Math.floor(this.#random.next() * 2 ** 32).toString(36)}-${this.#given}`;
  }
}

const seriesIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("lmos_"))
    .map((line) => line.slice(0, line.lastIndexOf(" ")))
    .toSorted();

describe("S12 a million random values", () => {
  const clock = new FakeClock();
  const metrics = createMetrics(stillGauges);
  const services = {
    ...{ metrics, clock, logger: silentLogger },
    conversations: createConversations(10, undefined),
  };
  const ends: readonly (readonly TurnEvent[])[] = [
    [{ kind: "turn-end", ms: 1 }],
    [{ kind: "error", failure: turnFailure("no_routing", "There is none.") }],
    [{ kind: "error", failure: turnFailure("unknown_agent", "There is none.") }],
    [routingEventOf(), { kind: "error", failure: turnFailure("agent_error", "It failed.") }],
    [],
  ];

  /** A turn all of whose values are random; the routing that it follows, if any, is not. */
  function record(texts: Texts, at: number): void {
    const next = (): string => texts.next();
    const isServed = at % 2 === 0;
    const record = new TurnRecord(
      turnOf({
        ...(!isServed && { tenant: next(), channel: next() }),
        ...{ subset: next(), conversationId: next(), turnId: next(), userId: next(), explicitAgent: next() },
        contextParams: [{ key: next(), value: next() }],
        profile: [{ key: next(), value: next() }],
        correlation: { correlationId: next(), traceparent: next() },
      }),
      services,
    );
    if (isServed) record.servedBy({ subset: "stable", rollout: undefined });
    for (const event of ends[at % ends.length] ?? []) record.see(event);
    record.close();
  }

  test("in turns leave as many series as ten", async () => {
    const texts = new Texts(1);
    for (let at = 0; at < 10; at++) record(texts, at);
    const before = seriesIn((await metrics.render()).text);
    for (let at = 0; texts.given < 1_000_000; at++) record(texts, at);
    expect(seriesIn((await metrics.render()).text)).toEqual(before);
    expect(before.length).toBeGreaterThan(50);
  });
});

let agent: FakeAgent;
let open: RunningRuntime;
let guarded: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const objects = [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])];
  open = await startTestRuntime({ objects });
  guarded = await startTestRuntime({ objects, authenticator: createFakeAuthenticator() });
});

afterAll(async () => {
  await open[Symbol.asyncDispose]();
  await guarded[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

const json = { "content-type": "application/json" };

/** Sends bytes as they are and waits until the server has answered and closed. */
async function sendRaw(head: string): Promise<void> {
  const socket = connect(Number(new URL(open.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.end(`${head}\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  socket.resume();
  await once(socket, "close");
}

/** One request for each place where somebody can choose something. */
function requests(texts: Texts): readonly (() => Promise<unknown>)[] {
  const next = (): string => texts.next();
  const post = (path: string, body: unknown, headers: object = {}, { url }: { url: string } = open) =>
    fetch(url + path, {
      method: "POST",
      headers: { ...json, "x-turn-id": next(), ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    }).then((response) => response.text());
  const get = (path: string, headers = {}, { url } = open) =>
    fetch(url + path, { headers }).then((response) => response.text());
  const body = ({ content = "hello", name = "agent-0", channel = "web", role = "user" } = {}) => ({
    inputContext: { messages: [{ role, content, format: next() }], explicitAgent: name },
    systemContext: { channelId: channel, contextParams: [{ key: next(), value: next() }] },
    userContext: { userId: next(), contextParams: [{ key: next(), value: next() }] },
    [next()]: next(),
  });
  const turns = "/apis/v1/acme/chat";
  const call = (method: string, params: unknown) => ({ jsonrpc: "2.0", id: next(), method, params });
  const quoting = (kind: string) => async () => {
    await post(`${turns}/${next()}/message`, body({ content: `!quote${kind} ${next()}` }));
    for (let well = 0; well < 2; well++) await post(`${turns}/c/message`, body()); // it is not left alone
  };
  return [
    () => post(`/apis/v1/${next()}/chat/${next()}/message`, body()),
    () => post(`/lmos/runtime/apis/v1/${next()}/chat/${next()}/message`, body()),
    () => post(`${turns}/${next()}/message`, body()),
    () => post(`${turns}/c/message`, body({ channel: next() })),
    () => post(`${turns}/c/message`, body({ name: next() })),
    () => post(`${turns}/c/message`, body({ role: next() })),
    () => post(`${turns}/c/message`, next()),
    () => post(`${turns}/c/message`, body(), { "content-type": `text/${next()}` }),
    () => post(`${turns}/c/message`, body(), { "content-type": `application/json; charset=${next()}` }),
    () => post(`${turns}/c/message`, body(), { accept: next(), "accept-language": next() }),
    () => post(`${turns}/c/message`, body(), { "x-correlation-id": next(), traceparent: next() }),
    () =>
      post(`${turns}/c/message`, body(), { "x-subset": next(), "x-namespace": next(), "x-tenant": next() }),
    () => post(`${turns}/c/message`, body(), { [`x-${next()}`]: next(), "x-forwarded-host": next() }),
    () => post(`${turns}/c/message`, body(), { accept: "text/event-stream", "last-event-id": next() }),
    () => post(`${turns}/c/message?${next()}=${next()}`, body()),
    () => post(`/${next()}/${next()}`, body()),
    () => post("/a2a/acme/web", call(next(), {})),
    () => post("/a2a/acme/web", call("tasks/get", { id: next() })),
    () => post("/a2a/acme/web", call("message/send", { message: { messageId: next(), role: next() } })),
    () => post(`/a2a/${next()}/${next()}`, call("message/send", {})),
    () =>
      post("/graphql", {
        operationName: next(),
        query: `query q${next().replace("-", "_")} { agent { names } }`,
      }),
    () => post("/graphql", { query: `{ a${next().replace("-", "_")} }` }),
    () => get(`/apis/v1/agents?tenantId=${next()}&channelId=${next()}&subset=${next()}`),
    () => get(`/apis/v1/agents/${next()}/${next()}`),
    () => get(`/apis/v1/tenants/${next()}/channels/${next()}/routing`),
    () => get("/apis/v1/agents/acme/web", { authorization: `Bearer ${next()}` }, guarded),
    () => get(`/apis/v1/agents/${next()}/web`, { authorization: "Bearer alice.token" }, guarded),
    () => post(`${turns}/${next()}/message`, body(), { authorization: `${next()} ${next()}` }, guarded),
    () => post(`${turns}/${next()}/message`, body(), { authorization: "Bearer alice.token" }, guarded),
    () => post(`/apis/v1/asks/${next()}`, { capability: next(), text: next() }),
    () => get(`/apis/v1/memory/${next()}/${next()}/${next()}/${next()}`),
    () => sendRaw(`${next().replace(/\W/g, "").toUpperCase()} / HTTP/1.1`),
    () => sendRaw(`GET /${next()} HTTP/${next()}`),
    () => sendRaw(`OPTIONS ${turns}/${next()}/message HTTP/1.1\r\n${next()}: ${next()}`),
    () => sendRaw(`DELETE ${turns}/${next()}/message HTTP/1.1`),
    ...["error", "type", "status", "close", "payload"].map(quoting),
  ];
}

describe("S12 thousands of requests with random values, at every door", () => {
  const series = async (): Promise<readonly (readonly string[])[]> => {
    const pages = [open, guarded].map(async ({ managementUrl }) =>
      seriesIn(await (await fetch(`${managementUrl}/metrics`)).text()),
    );
    return Promise.all(pages);
  };
  const round = async (texts: Texts): Promise<number> => {
    const some = requests(texts);
    for (const send of some) await send();
    return some.length;
  };
  const frames = async (caller: GraphqlCaller, texts: Texts): Promise<void> => {
    const payload = { query: `{ a${texts.next().replace("-", "_")} }`, operationName: texts.next() };
    caller.send({ type: "subscribe", id: texts.next(), payload });
    await caller.next();
  };

  test("leave as many series as one round of them", async () => {
    const texts = new Texts(2);
    using caller = await GraphqlCaller.acknowledged(open.url);
    await round(texts);
    await frames(caller, texts);
    const before = await series();
    let sent = 0;
    while (sent < 2000) {
      sent += await round(texts);
      await frames(caller, texts);
    }
    expect(await series()).toEqual(before);
    expect(texts.given).toBeGreaterThan(10_000);
    const [ofTurns = []] = before;
    expect(ofTurns.filter((each) => each.startsWith("lmos_turns_total")).length).toBeGreaterThan(5);
  }, 60_000);
});
