/** What ARC 0.126 on its Spring Boot starter answers over plain HTTP, as it was recorded, and what an agent of this SDK answers. */
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
      body: z.string().nullable().default(null),
      answer: z.object({ status: z.number(), body: z.unknown().optional() }),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("testdata/arc-0.126-spring-http.json", import.meta.url), "utf8")));
type Exchange = (typeof recorded)[number];

/** What is answered otherwise: the row of docs/compatibility.md, and our status. */
const differences: readonly { readonly row: string; readonly names: RegExp; readonly status: number }[] = [
  {
    row: "`Content-Type: application/graphql`",
    names: /^(POST content type graphql|application\/graphql)$/,
    status: 415,
  },
  {
    row: "a media type of a request that is not `application/json` in UTF-8",
    names:
      /no content type|content type (text|of a form)|graphql\+json|^(text\/plain|form|multipart|charset utf-16)$/,
    status: 415,
  },
  {
    row: "texts of errors for values written into a document, for fields that conflict, several faults at one place",
    names: /^a subscription$/,
    status: 200,
  },
  { row: "a document with more than 5 aliases", names: /^20 aliases$/, status: 200 },
  { row: "a method that a path has not; `HEAD`", names: /^HEAD \/(graphql|subscriptions)/, status: 400 },
  { row: "a method that a path has not; `HEAD`", names: /^HEAD \/sdl/, status: 200 },
  {
    row: "a method that a path has not; `HEAD`",
    names: /^((OPTIONS|PUT|DELETE|PATCH) \/graphql|POST \/health|preflight)/,
    status: 405,
  },
  { row: "`/graphiql`, `/prometheus`, the door for OpenAI's clients", names: /^GET \/graphiql/, status: 404 },
  { row: "`/health`", names: /^(GET|HEAD) \/health(\/liveness|\/readiness)?( \(more\))?$/, status: 200 },
  {
    row: "`/sdl`, `/.well-known/capabilities.json`, `/.well-known/agent.json`, GET of `/graphql`",
    names: /^GET \/\.well-known/,
    status: 200,
  },
  {
    row: "braces in an address, or an `Accept` that is none",
    names: /query=\{|^accept nonsense/,
    status: 200,
  },
];
const differenceOf = ({ name }: Exchange) => differences.find(({ names }) => names.test(name));

let server: AgentServer;
beforeAll(async () => {
  server = await startTestServer(testAgents);
});
afterAll(() => server.stop());

describe("a request is answered as by ARC on Spring", () => {
  it.each(recorded.filter((exchange) => differenceOf(exchange) === undefined))("$name", async (exchange) => {
    const { status, body } = await sendRequest(server.port, exchange);
    expect(status).toBe(exchange.answer.status);
    if (exchange.answer.body !== undefined) expect(JSON.parse(body)).toEqual(exchange.answer.body);
  });
});

describe("a request is answered otherwise", () => {
  it.each(recorded.filter((exchange) => differenceOf(exchange) !== undefined))("$name", async (exchange) => {
    const { status, body } = await sendRequest(server.port, exchange);
    expect(status).toBe(differenceOf(exchange)?.status);
    const was = exchange.answer;
    expect([status, body]).not.toEqual([was.status, JSON.stringify(was.body)]);
  });
});

describe("the table of differences", () => {
  const documented = readFileSync(new URL("../../../docs/compatibility.md", import.meta.url), "utf8");

  it.each(differences)("has a row for, and names something by, $names", (difference) => {
    expect(documented).toContain(`\n| ${difference.row} |`);
    expect(recorded.some((exchange) => differenceOf(exchange) === difference)).toBe(true);
  });
});
