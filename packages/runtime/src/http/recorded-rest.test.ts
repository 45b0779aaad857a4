/**
 * The exchanges that were recorded from the Kotlin runtime, replayed. Each answer is the same but for the faults that
 * are mended, which the table below lists with what comes instead.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const recordedSchema = z.array(
  z.object({
    name: z.string(),
    request: z.object({
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.unknown(),
    }),
    response: z.object({ status: z.number(), body: z.unknown() }),
  }),
);
const recorded = recordedSchema.parse(
  JSON.parse(readFileSync(new URL("../testdata/recorded-rest.json", import.meta.url), "utf8")),
);

interface Mended {
  readonly why: string;
  readonly status: number;
  readonly body: unknown;
}

const answered = (content: unknown): unknown => ({ content, anonymizationEntities: null });
const invalid = (message: string): Mended => ({
  why: "named class names of the server",
  status: 400,
  body: { errorCode: "INVALID_REQUEST", message },
});
const unknownAgent = (name: string): Mended => ({
  why: "answered 500",
  status: 404,
  body: { errorCode: "AGENT_NOT_FOUND", message: `No agent found with the name ${name}` },
});
const agentFault = (message: string): Mended => ({
  why: "echoed internal text",
  status: 500,
  body: { errorCode: "AGENT_CLIENT_EXCEPTION", message },
});
const misdirected = (status: number, errorCode: string, message: string): Mended => ({
  why: "answered 500, or with a body of another shape",
  status,
  body: { errorCode, message },
});
const notJson = invalid("The body is not JSON: send a JSON object.");
const notFound = misdirected(404, "NOT_FOUND", "There is nothing under this path.");
const mediaType = misdirected(
  415,
  "UNSUPPORTED_MEDIA_TYPE",
  "The body must be JSON: send Content-Type: application/json.",
);

const mended: Readonly<Record<string, Mended>> = {
  "old base path": { why: "was no longer served", status: 200, body: answered("agent-0: hello") },
  "invalid body": invalid("Field inputContext is missing: give it as an object."),
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
  "accept xml": misdirected(
    406,
    "NOT_ACCEPTABLE",
    "Only application/json and text/event-stream are served: ask for one of them.",
  ),
  "wrong method": misdirected(405, "METHOD_NOT_ALLOWED", "This path takes POST, OPTIONS only."),
  "unknown path": notFound,
  "root path": notFound,
  "unknown agent": unknownAgent("nobody"),
  "agent name in other case": unknownAgent("Agent-0"),
  "blank explicit agent": unknownAgent(""),
  "no explicit agent": {
    why: "was refused where no agent is named: now the message is routed",
    status: 200,
    body: { content: expect.any(String), anonymizationEntities: [] },
  },
  "agent error frame": agentFault("The agent agent-0 reported an error."),
  "agent next with errors": agentFault("The agent agent-0 reported an error."),
  "agent closes 4500": agentFault("The agent agent-0 broke off before its answer was complete."),
  "agent drops tcp": agentFault("The agent agent-0 broke off before its answer was complete."),
  "agent completes empty": {
    why: "echoed internal text",
    status: 500,
    body: {
      errorCode: "INTERNAL_SERVER_ERROR",
      message: "The agent agent-0 ended the turn without an answer.",
    },
  },
  "agent intermediate first": {
    why: "took what was said on the way for the answer",
    status: 200,
    body: answered("agent-0: done"),
  },
  "agent ERROR result": {
    ...agentFault("The agent agent-0 reported an error."),
    why: "took an error for the answer",
  },
  "agent sends ping": {
    why: "failed at a frame of the protocol",
    status: 200,
    body: answered("agent-0: !ping"),
  },
};

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const sketch = {
    name: "agent-0",
    description: "Agent number 0",
    host: `127.0.0.1:${agent.port}`,
    capability: { id: "cap-0", name: "capability-0", description: "Handles topic number 0" },
  };
  running = await startTestRuntime({
    objects: [routingOf([sketch]), routingOf([sketch], { subset: "canary" })],
  });
});

afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

/** Replaces what differs from run to run. */
function mask(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:9901"));
}

function parse(text: string): unknown {
  return text === "" ? "" : mask(JSON.parse(text));
}

test.each(recorded)("$name", async ({ name, request, response }) => {
  const { method, path, headers, body } = request;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const init = body === null ? {} : { body: name === "no media type" ? Buffer.from(text) : text };
  const answer = await fetch(`${running.url}${path}`, { method, headers, ...init });
  const expected = mended[name] ?? response;
  expect({ status: answer.status, body: parse(await answer.text()) }).toEqual({
    status: expected.status,
    body: expected.body,
  });
});

test("every mended fault is one of the recorded cases", () => {
  const names = new Set(recorded.map(({ name }) => name));
  expect(Object.keys(mended).filter((name) => !names.has(name))).toEqual([]);
  expect(recorded.length).toBe(45);
});

test("an agent gets the recorded request, but for what is added and the user's token", async () => {
  const { frame } = await agent.whenSeen(({ frame }) => JSON.stringify(frame ?? "").includes('"f3"'));
  expect(frame).toMatchObject({
    payload: {
      variables: {
        agentName: null,
        request: {
          messages: [
            { role: "user", content: "a", format: "text", turnId: "m1", binaryData: null },
            { role: "assistant", content: "b", format: "text", turnId: null, binaryData: null },
            {
              role: "user",
              content: "c",
              format: "text",
              turnId: null,
              binaryData: [{ mimeType: "image/png", dataAsBase64: "aGk=", source: null }],
            },
          ],
          conversationContext: {
            conversationId: "f3",
            turnId: "t1",
            anonymizationEntities: [{ type: "NAME", value: "Bob", replacement: "X1" }],
          },
          systemContext: [
            { key: "k", value: "v" },
            { key: "tenantId", value: "acme" },
            { key: "channelId", value: "web" },
            { key: "lmos.ask", value: expect.stringMatching(/^http:/) },
          ],
          userContext: { userId: "u1", userToken: null, profile: [{ key: "p", value: "q" }] },
        },
      },
    },
  });
});

test("a conversation stays with the subset that it began with", async () => {
  const asked = agent.seen.filter(({ frame }) => frame?.["type"] === "subscribe");
  const subsets = asked.map(({ subset }) => subset);
  expect(subsets.slice(0, 3)).toEqual(["stable", "canary", "canary"]);
});
