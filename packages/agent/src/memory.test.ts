import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonValue, LogFields, Logger } from "@lmos/primitives";
import { silentLogger } from "@lmos/primitives";
import { describe, expect, it, onTestFinished } from "vitest";
import { createAgentMemory } from "./memory.ts";

const remembered = {
  key: "city",
  value: { name: "Bonn" },
  writtenBy: { agent: "billing", capability: "view-invoice", turnId: "t1", at: "2026-01-01T00:00:00.000Z" },
  expiresAt: "2026-01-01T06:00:00.000Z",
};
const problem = (code: string): unknown => ({ status: 1, code, detail: `because of ${code}` });

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** A runtime's door that answers always the same. */
async function setUp(answer: Answer, token?: string) {
  const asked: string[] = [];
  const shown: (string | undefined)[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    shown.push(request.headers.authorization);
    asked.push([request.method, request.url, body].join(" ").trim());
    response.writeHead(answer.status).end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const warnings: unknown[] = [];
  const logger: Logger = {
    ...silentLogger,
    warn: (_message: string, fields?: LogFields) => void warnings.push(fields),
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`;
  return {
    ...{ asked, shown, warnings },
    memory: createAgentMemory({ url, token, logger, signal: new AbortController().signal }),
  };
}

/** What a caller without types may give. */
function untyped<T>(value: unknown): T {
  return value as T;
}

describe("an agent's memory", () => {
  it.each([
    { token: "t1", expected: "Bearer t1" },
    { token: undefined, expected: undefined },
  ])("shows the turn's token $token with each request", async ({ token, expected }) => {
    const { memory, shown } = await setUp({ status: 200, body: remembered }, token);
    await memory.get("city");
    await memory.set("city", "Bonn");
    await memory.delete("city");
    await memory.list();
    expect(shown).toEqual([expected, expected, expected, expected]);
  });

  it("gets what is remembered, for the conversation and the channel unless told otherwise", async () => {
    const { memory, asked } = await setUp({ status: 200, body: remembered });
    expect(await memory.get("city")).toEqual(remembered);
    await memory.get("city", { term: "long", scope: "agent" });
    expect(asked).toEqual(["GET /m/short/channel/city", "GET /m/long/agent/city"]);
  });

  it.each([
    { name: "no JSON" },
    { name: "something else", body: { hello: 1 } },
    { name: "an entry without its writer", body: { ...remembered, writtenBy: undefined } },
  ])("knows nothing, and goes on, where the answer is $name", async ({ body }) => {
    const { memory, warnings } = await setUp({ status: 200, body });
    expect([await memory.get("city"), await memory.list()]).toEqual([undefined, []]);
    expect(warnings).toHaveLength(2);
  });

  it("refuses a value that JSON has no word for, naming its key", async () => {
    const { memory, asked } = await setUp({ status: 200, body: remembered });
    const circular: { self?: JsonValue } = {};
    Object.assign(circular, { self: circular });
    for (const value of [circular, untyped<JsonValue>({ size: 1n })])
      await expect(memory.set("city", value)).rejects.toMatchObject({
        code: "InvalidMemory",
        message: 'memory: the value of "city" can\'t be written as JSON; give plain data',
      });
    expect(asked).toEqual([]);
  });

  it("sets a value, with its time if one is given", async () => {
    const { memory, asked } = await setUp({ status: 200, body: remembered });
    expect(await memory.set("city", "Bonn")).toBe(true);
    expect(await memory.set("city", { a: 1 }, { term: "long", scope: "tenant", ttlSeconds: 60 })).toBe(true);
    expect(asked).toEqual([
      'PUT /m/short/channel/city {"value":"Bonn"}',
      'PUT /m/long/tenant/city {"value":{"a":1},"ttlSeconds":60}',
    ]);
  });

  it("deletes and lists", async () => {
    const gone = await setUp({ status: 204 });
    expect(await gone.memory.delete("city")).toBe(true);
    const full = await setUp({ status: 200, body: { entries: [remembered] } });
    expect(await full.memory.list({ scope: "tenant" })).toEqual([remembered]);
    expect([...gone.asked, ...full.asked]).toEqual([
      "DELETE /m/short/channel/city",
      "GET /m?term=short&scope=tenant",
    ]);
  });

  it("escapes a key, whatever it is", async () => {
    const { memory, asked } = await setUp({ status: 200, body: remembered });
    await memory.get("../../a?b#c");
    expect(asked).toEqual(["GET /m/short/channel/..%2F..%2Fa%3Fb%23c"]);
  });

  it("knows nothing where nothing is remembered, without a word", async () => {
    const { memory, warnings } = await setUp({ status: 404, body: problem("no_memory") });
    expect([await memory.get("city"), await memory.delete("city")]).toEqual([undefined, false]);
    expect(warnings).toEqual([]);
  });

  it.each([
    { status: 503, code: "state_unavailable" },
    { status: 409, code: "memory_full" },
    { status: 409, code: "no_user" },
    { status: 404, code: "no_ticket" },
  ])("keeps nothing after a $status $code, says so and goes on", async ({ status, code }) => {
    const { memory, warnings } = await setUp({ status, body: problem(code) });
    expect([await memory.set("city", 1), await memory.get("city"), await memory.list()]).toEqual([
      false,
      undefined,
      [],
    ]);
    expect(warnings).toEqual([
      { status, code },
      { status, code },
      { status, code },
    ]);
  });

  it("throws for a key or value that cannot be remembered", async () => {
    const { memory } = await setUp({ status: 400, body: problem("invalid_request") });
    const expected = { code: "InvalidMemory", message: "memory: because of invalid_request" };
    await expect(memory.set("a b", 1)).rejects.toMatchObject(expected);
    await expect(memory.get("a b")).rejects.toMatchObject(expected);
  });

  it("goes on where the caller keeps no memory", async () => {
    const memory = createAgentMemory({
      url: undefined,
      logger: silentLogger,
      signal: new AbortController().signal,
    });
    expect([
      await memory.get("a"),
      await memory.set("a", 1),
      await memory.delete("a"),
      await memory.list(),
    ]).toEqual([undefined, false, false, []]);
  });

  it("goes on where nobody listens, and says so", async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    const memory = createAgentMemory({
      url: "http://127.0.0.1:1/m",
      logger,
      signal: new AbortController().signal,
    });
    expect(await memory.get("a")).toBeUndefined();
    expect(warnings).toEqual(["Memory cannot be reached"]);
  });

  it("ends with the turn", async () => {
    const signal = AbortSignal.abort(new Error("over"));
    const memory = createAgentMemory({ url: "http://127.0.0.1:1/m", logger: silentLogger, signal });
    await expect(memory.get("a")).rejects.toThrow("over");
  });
});
