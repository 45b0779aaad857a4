/** Explanations over GraphQL, on a real socket: a client that asks for none sees what the Kotlin runtime sends. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { asking, web } from "../testing/graphql-frames.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const document = `subscription ($request: AgentRequestInput!) {
  agent(request: $request) { messages { content } context { key value } }
}`;
const examples = ["where is my order", "track my parcel", "has my order been shipped yet"];

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  const host = `127.0.0.1:${agent.port}`;
  running = await startTestRuntime({ objects: [routingOf([{ name: "agent-0", host, examples }])] });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

async function answerTo(content: string, asked: readonly object[]) {
  using caller = await GraphqlCaller.acknowledged(running.url);
  const request = {
    messages: [{ role: "user", content }],
    conversationContext: { conversationId: content },
    systemContext: [...web, ...asked],
    userContext: { userId: "u" },
  };
  caller.send(asking("t", { query: document, variables: { request } }));
  return await caller.next(); // the socket is open until then
}

function routingIn(answer: unknown): unknown {
  const text = /"key":"lmos.routing","value":("(?:[^"\\]|\\.)*")/.exec(JSON.stringify(answer))?.[1];
  return text === undefined ? undefined : JSON.parse(JSON.parse(text));
}

test.each([
  { name: "is not asked for", asked: [] },
  { name: "is asked for otherwise", asked: [{ key: "lmos.explain", value: "yes" }] },
])("an explanation that $name is not there", async ({ asked }) => {
  expect(await answerTo("where is my order", asked)).toMatchObject({
    type: "next",
    payload: { data: { agent: { context: null } } },
  });
});

test("an explanation comes with its answer on request, and the agent hears nothing of it", async () => {
  const answer = await answerTo("where is my order now", [{ key: "lmos.explain", value: "true" }]);
  expect(answer).toMatchObject({
    payload: { data: { agent: { messages: [{ content: "agent-0: where is my order now" }] } } },
  });
  expect(routingIn(answer)).toEqual({
    decision: "accept",
    stage: "vector",
    agent: "agent-0",
    capability: expect.any(String),
    confidence: expect.any(Number),
    choices: [],
    alternatives: expect.any(Array),
    parts: [],
    snapshot: expect.stringMatching(/^[0-9a-f]{12}$/),
    ms: expect.any(Number),
  });
  const { frame } = await agent.whenSeen((seen) => JSON.stringify(seen).includes("my order now"));
  expect(JSON.stringify(frame)).not.toContain("lmos.explain");
});

test("an error tells on request whose it is", async () => {
  const answer = await answerTo("!error where is my order", [{ key: "lmos.explain", value: "true" }]);
  expect(answer).toMatchObject({
    type: "error",
    payload: [{ extensions: { code: "agent_error", routing: { agent: "agent-0" } } }],
  });
});
