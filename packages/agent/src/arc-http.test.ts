/** What ARC 0.126 answers over plain HTTP, as it was recorded, and what an agent of this SDK answers. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { AgentServer } from "./agent-server.ts";
import { testAgents } from "./test-agents.ts";
import { sendRequest } from "./test-request.ts";
import { startTestServer } from "./testing/test-server.ts";

const recorded = z
  .array(
    z.object({
      name: z.string(),
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().nullable(),
      answer: z.object({ status: z.number(), contentType: z.string().nullable(), body: z.unknown() }),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("testdata/arc-0.126-http.json", import.meta.url), "utf8")));

const none = "a request of GraphQL that is none";
const accepts = "an answer in another form than JSON is asked for";
const health = "`/health`";
const ours = "`/sdl`, `/.well-known/capabilities.json`, `/.well-known/agent.json`, GET of `/graphql`";
const fields = "`type` and `toolCalls` of a result";

/** What is answered otherwise: the row of docs/compatibility.md, and our status. */
const otherwise: Readonly<Record<string, { readonly row: string; readonly status: number }>> = {
  "POST JSON null": { row: none, status: 400 },
  "POST accepts graphql-response": { row: accepts, status: 200 },
  "POST accepts html": { row: accepts, status: 200 },
  "POST accepts xml": { row: accepts, status: 200 },
  "POST introspection of input types": { row: fields, status: 200 },
  "POST introspection of directives": { row: fields, status: 200 },
  "GET /graphql?query=%7Bagent%7Bnames%7D%7D": { row: ours, status: 200 },
  "GET /graphql": { row: ours, status: 400 },
  "HEAD /graphql": { row: ours, status: 400 },
  "GET /sdl": { row: ours, status: 200 },
  "GET /.well-known/capabilities.json": { row: ours, status: 200 },
  "GET /.well-known/agent.json": { row: ours, status: 200 },
  "GET /health": { row: health, status: 200 },
  "GET /health/liveness": { row: health, status: 200 },
  "GET /health/readiness": { row: health, status: 200 },
  "GET /health/nope": { row: health, status: 404 },
  "HEAD /health": { row: health, status: 200 },
};

let server: AgentServer;

beforeAll(async () => {
  server = await startTestServer(testAgents);
});
afterAll(() => server.stop());

describe("a request is answered as by ARC", () => {
  const same = recorded.filter(({ name }) => otherwise[name] === undefined);

  it.each(same.filter(({ answer }) => answer.status === 200))("$name", async (exchange) => {
    const { status, contentType, body } = await sendRequest(server.port, exchange);
    const { answer } = exchange;
    expect([status, contentType?.split(";")[0], JSON.parse(body)]).toEqual([
      answer.status,
      answer.contentType,
      answer.body,
    ]);
  });

  it.each(same.filter(({ answer }) => answer.status !== 200))("$name, but says why", async (exchange) => {
    const { status, contentType, body } = await sendRequest(server.port, exchange);
    expect([status, contentType]).toEqual([exchange.answer.status, "application/json; charset=utf-8"]);
    if (exchange.method !== "HEAD") expect(body).toMatch(/"(error|message)":"[^"]+/);
  });
});

describe("a request is answered otherwise", () => {
  const documented = readFileSync(new URL("../../../docs/compatibility.md", import.meta.url), "utf8");

  it.each(Object.entries(otherwise))("%s", async (name, { row, status }) => {
    const exchange = recorded.find((each) => each.name === name);
    if (exchange === undefined) throw new Error(`${name} was not recorded`);
    const answer = await sendRequest(server.port, exchange);
    expect(answer.status).toBe(status);
    expect([exchange.answer.status, JSON.stringify(exchange.answer.body)]).not.toEqual([status, answer.body]);
    expect(documented).toContain(`\n| ${row} |`);
  });
});

it.each([
  { method: "PUT", path: "/graphql", allow: "GET, HEAD, POST" },
  { method: "POST", path: "/subscriptions", allow: "GET" },
  { method: "DELETE", path: "/health/readiness?x=1", allow: "GET, HEAD" },
])("a wrong method hears which are right: $method $path", async ({ method, path, allow }) => {
  const answer = await sendRequest(server.port, { method, path, headers: {}, body: null });
  expect([answer.status, answer.allow]).toEqual([405, allow]);
});
