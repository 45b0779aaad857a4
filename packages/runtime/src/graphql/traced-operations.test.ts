/** Traces over GraphQL: a socket serves many operations, so each may name its own. */
import { traceEntries } from "@lmos/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { turnOf, web } from "../testing/graphql-frames.ts";
import { routingOf } from "../testing/routings.ts";
import { type RunningRuntime, startTestRuntime } from "../testing/running-runtime.ts";

const ofSocket = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "rojo=1",
};
const own = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", tracestate: "congo=2" };

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  running = await startTestRuntime({
    objects: [
      routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}`, examples: ["where is my order"] }]),
    ],
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

test.each([
  { name: "the socket's, where an operation names none", text: "track order one", named: [], told: ofSocket },
  { name: "the operation's", text: "track order two", named: traceEntries(own), told: own },
  {
    name: "the socket's, where the operation's is malformed",
    text: "track order three",
    named: [{ key: "traceparent", value: "hello" }],
    told: ofSocket,
  },
])("an agent is told $name", async ({ text, named, told }) => {
  using caller = await GraphqlCaller.acknowledged(running.url, [], ofSocket);
  const messages = [{ role: "user", content: text }];
  caller.send(turnOf({ messages, systemContext: [...web, ...named] }));
  await caller.next();
  const { frame } = await agent.whenSeen((seen) => JSON.stringify(seen).includes(text));
  const sent = JSON.stringify(frame);
  for (const entry of traceEntries(told)) expect(sent).toContain(JSON.stringify(entry));
  expect(sent.split('"key":"trace').length - 1).toBe(2);
});
