/**
 * The exchanges that were recorded from the Kotlin runtime, replayed against ours: same status, same media type, same
 * bytes of the body. What differs on purpose is in the table below, with its row of docs/compatibility.md.
 */
import { readFileSync } from "node:fs";
import { canonicalJson } from "@lmos/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { FakeAgent } from "../testing/fake-agent.ts";
import { type OperatedRuntime, startOperatedRuntime } from "../testing/operated-runtime.ts";
import type { RunningRuntime } from "../testing/running-runtime.ts";
import type { StubOperator } from "../testing/stub-operator.ts";

const recordedSchema = z.array(
  z.object({
    name: z.string(),
    request: z.object({
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.unknown(),
    }),
    response: z.object({ status: z.number(), type: z.string().nullable(), body: z.unknown() }),
  }),
);
const recorded = recordedSchema.parse(readJson("recorded-rest.json"));

/** A difference: the first cell of its row in docs/compatibility.md, and what comes instead. */
interface Mended {
  readonly row: string;
  readonly status: number;
  readonly body: string | RegExp;
}

const json = (body: unknown): string => JSON.stringify(body);
const answered = (content: string): string => json({ content, anonymizationEntities: null });
const error = (errorCode: string, message: string): string => json({ errorCode, message });
const echoed = "messages of exceptions";

const invalid = (message: string): Mended => ({
  row: echoed,
  status: 400,
  body: error("INVALID_REQUEST", message),
});
const unknownAgent = (name: string): Mended => ({
  row: "unknown explicit agent",
  status: 404,
  body: error("AGENT_NOT_FOUND", `No agent found with the name ${name}`),
});
const agentFault = (message: string): Mended => ({
  row: echoed,
  status: 500,
  body: error("AGENT_CLIENT_EXCEPTION", message),
});
const misdirected = (status: number, errorCode: string, message: string): Mended => ({
  row: "unknown path, wrong method, wrong media type",
  status,
  body: error(errorCode, message),
});
const notJson = invalid("The body is not JSON: send a JSON object.");
const notFound = misdirected(404, "NOT_FOUND", "There is nothing under this path.");
const mediaType = misdirected(
  415,
  "UNSUPPORTED_MEDIA_TYPE",
  "The body must be JSON: send Content-Type: application/json.",
);
const brokenOff = agentFault("The agent agent-0 broke off before its answer was complete.");
const reported = agentFault("The agent agent-0 reported an error.");

const mended: Readonly<Record<string, Mended>> = {
  "old base path": { row: "the older base path", status: 200, body: answered("agent-0: hello") },
  "invalid body": invalid(
    ["inputContext", "systemContext", "userContext"]
      .map((field) => `Field ${field} is missing: give it as an object.`)
      .join(" "),
  ),
  "not json": notJson,
  "empty body": notJson,
  "null for required": invalid("Field inputContext is null: give it as an object."),
  "missing channelId": invalid("Field systemContext.channelId is missing: give it as text."),
  "missing message role": invalid(
    'Field inputContext.messages[0].role is missing: give "user" or "assistant".',
  ),
  "wrong type": invalid("Field inputContext.messages is text: give it as a list."),
  "wrong media type": mediaType,
  "no media type": mediaType,
  "accept xml": {
    row: "`Accept: application/xml`",
    status: 406,
    body: error(
      "NOT_ACCEPTABLE",
      "Only application/json and text/event-stream are served: ask for one of them.",
    ),
  },
  "wrong method": misdirected(405, "METHOD_NOT_ALLOWED", "This path takes POST, OPTIONS only."),
  "unknown path": notFound,
  "root path": notFound,
  "unknown agent": unknownAgent("nobody"),
  "agent name in other case": unknownAgent("Agent-0"),
  "blank explicit agent": unknownAgent(""),
  "no explicit agent": {
    row: "no explicit agent while only explicit routing is on",
    status: 200,
    body: /^\{"content":".+","anonymizationEntities":\[\]\}$/,
  },
  "operator garbage": {
    row: echoed,
    status: 500,
    body: error("INTERNAL_SERVER_ERROR", "Unexpected response body from operator"),
  },
  "agent error frame": reported,
  "agent next with errors": reported,
  "agent closes 4500": brokenOff,
  "agent drops tcp": brokenOff,
  "agent completes empty": {
    row: echoed,
    status: 500,
    body: error("INTERNAL_SERVER_ERROR", "The agent agent-0 ended the turn without an answer."),
  },
  "agent intermediate first": {
    row: "an agent says something on the way first",
    status: 200,
    body: answered("agent-0: done"),
  },
  "agent ERROR result": { ...reported, row: "an agent's ERROR result" },
  "agent sends ping": {
    row: "an agent sends a protocol `ping` or `pong`",
    status: 200,
    body: answered("agent-0: !ping"),
  },
  "mgmt health": {
    row: "`/health` without Redis",
    status: 200,
    body: json({ groups: ["liveness", "readiness"], status: "UP" }),
  },
};

let operated: OperatedRuntime;
let agent: FakeAgent;
let operator: StubOperator;
let running: RunningRuntime;

beforeAll(async () => {
  operated = await startOperatedRuntime();
  ({ agent, operator, running } = operated);
});
afterAll(() => operated[Symbol.asyncDispose]());

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../testdata/${name}`, import.meta.url), "utf8"));
}

/** The management port's calls are the ones of these paths. */
function urlOf(path: string): string {
  return `${/^\/(health|info)/.test(path) ? running.managementUrl : running.url}${path}`;
}

async function replay({ name, request }: (typeof recorded)[number]) {
  const { method, path, headers, body } = request;
  const text = typeof body === "string" ? body : json(body);
  const init = body === null ? {} : { body: name === "no media type" ? Buffer.from(text) : text };
  const response = await fetch(urlOf(path), { method, headers, ...init });
  const masked = (await response.text()).replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:9901");
  return { status: response.status, type: response.headers.get("content-type"), body: masked };
}

describe("is answered as recorded, or as the table says:", () => {
  test.each(recorded)("$name", async (exchange) => {
    const seen = await replay(exchange);
    const { status, type, body } = exchange.response;
    const difference = mended[exchange.name];
    const expected = { status, type, body: body === "" ? "" : json(body), ...difference };
    expect(seen).toEqual({
      status: expected.status,
      type: expected.type,
      body: expected.body instanceof RegExp ? expect.stringMatching(expected.body) : expected.body,
    });
  });
});

describe("the table of differences", () => {
  const names = new Set(recorded.map(({ name }) => name));
  const documented = readFileSync(new URL("../../../../docs/compatibility.md", import.meta.url), "utf8");

  test("names recorded cases only, of the 58", () => {
    expect(Object.keys(mended).filter((name) => !names.has(name))).toEqual([]);
    expect(recorded.length).toBe(58);
  });

  test.each(Object.entries(mended))("%s has its row in docs/compatibility.md", (_name, { row }) => {
    expect(documented).toContain(`\n| ${row} |`);
  });
});

const operatorQuestionsSchema = z.array(
  z.object({ method: z.string(), path: z.string(), headers: z.record(z.string(), z.string()) }),
);

test("the operator is asked the recorded questions, but with the parts of its path encoded", () => {
  const encoded = operatorQuestionsSchema
    .parse(readJson("recorded-operator-requests.json"))
    .map((question) => ({
      ...question,
      path: question.path.replace("/tenants/a/b/", "/tenants/a%2Fb/"),
    }));
  // One more is asked of every operator: whether it serves watches. The Kotlin one answers as without the parameter.
  const known = operator.asked.filter(({ path }) => !path.endsWith("?watch=true"));
  const distinct = new Map(known.map((question) => [json(question), question]));
  expect([...distinct.values()].toSorted(byText)).toEqual(encoded.toSorted(byText));
});

function byText(left: unknown, right: unknown): number {
  return canonicalJson(left) < canonicalJson(right) ? -1 : 1;
}

const agentRequestsSchema = z.array(
  z.object({
    path: z.string(),
    subset: z.string(),
    variables: z.object({
      agentName: z.null(),
      request: z.looseObject({
        conversationContext: z.looseObject({ conversationId: z.string() }),
        systemContext: z.array(z.unknown()),
        userContext: z.looseObject({ userToken: z.string().nullable() }),
      }),
    }),
    closeCode: z.number(),
  }),
);
type AgentRequestRecord = z.infer<typeof agentRequestsSchema>[number];

/** Cases whose agent is not called here, because they are refused before. */
const notCalled: ReadonlySet<string> = new Set(["f16"]);

/** The recorded variables with what is added (turn, tenant, channel, where to ask) and what is kept back (the token). */
function expectedVariables({ variables }: AgentRequestRecord): unknown {
  const { request } = variables;
  const { conversationContext, systemContext, userContext } = request;
  return {
    agentName: null,
    request: {
      ...request,
      conversationContext: { ...conversationContext, turnId: expect.any(String) },
      systemContext: [
        ...systemContext,
        { key: "tenantId", value: "acme" },
        { key: "channelId", value: "web" },
      ],
      userContext: { ...userContext, userToken: null },
    },
  };
}

const askedSchema = z.looseObject({
  payload: z.looseObject({ variables: agentRequestsSchema.element.shape.variables }),
});

/** Entries of our own (`lmos.…`: where to ask others, where to remember) are for agents of our SDK; others pass them by. */
function withoutOwnEntries(variables: AgentRequestRecord["variables"]): unknown {
  const { request } = variables;
  const isOwn = (entry: unknown): boolean => json(entry).startsWith('{"key":"lmos.');
  return {
    ...variables,
    request: { ...request, systemContext: request.systemContext.filter((entry) => !isOwn(entry)) },
  };
}

describe("the agent is asked as recorded, but for what the table of differences says of agents:", () => {
  const called = agentRequestsSchema
    .parse(readJson("recorded-agent-requests.json"))
    .map((record) => ({ ...record, id: record.variables.request.conversationContext.conversationId }))
    .filter(({ id }) => !notCalled.has(id));
  // Two turns of one conversation are equal but for their order; the last one stands for both.
  test.each([...new Map(called.map((record) => [record.id, record])).values()])(
    "conversation $id",
    (record) => {
      const asked = agent.seen.filter(
        ({ frame }) =>
          frame?.["type"] === "subscribe" && json(frame).includes(`"conversationId":"${record.id}"`),
      );
      const last = asked.at(-1);
      expect(last?.subset).toBe(record.subset);
      expect(Object.keys(last?.frame ?? {}).toSorted()).toEqual(["id", "payload", "type"]);
      const told = askedSchema.parse(last?.frame).payload.variables;
      expect(withoutOwnEntries(told)).toEqual(expectedVariables(record));
    },
  );
});

test("a conversation stays with the subset that it began with", () => {
  const asked = agent.seen.filter(({ frame }) => frame?.["type"] === "subscribe");
  expect(asked.slice(0, 3).map(({ subset }) => subset)).toEqual(["stable", "canary", "canary"]);
});
