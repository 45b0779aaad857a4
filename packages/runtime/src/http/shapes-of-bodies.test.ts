/** Rows S12 and D21: bodies of a shape that nobody needs, as deep, as wide or as long as a body may be, at every door. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeAgent, startFakeAgent } from "../testing/fake-agent.ts";
import { GraphqlCaller } from "../testing/graphql-caller.ts";
import { routingOf } from "../testing/routings.ts";
import {
  messageBody,
  postMessage,
  type RunningRuntime,
  startTestRuntime,
} from "../testing/running-runtime.ts";

let agent: FakeAgent;
let running: RunningRuntime;

beforeAll(async () => {
  agent = await startFakeAgent();
  running = await startTestRuntime({
    objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

/** Of a refusal, whatever it quotes. */
const longestAnswer = 64 * 1024;
const nearlyAMebibyte = 1_000_000;
const deep = (open: string, close: string, levels: number): string =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;
const times = (text: string, length: number): string =>
  Array.from({ length: Math.floor(length / (text.length + 1)) }, () => text).join(",");

/** Values, as text of JSON. */
const shapes: readonly { readonly name: string; readonly value: string }[] = [
  { name: "lists in lists", value: deep("[", "]", 400_000) },
  { name: "objects in objects", value: deep('{"a":', "}", 150_000) },
  { name: "lists in objects in lists", value: deep('[{"a":', "}]", 100_000) },
  { name: "a list of numbers", value: `[${times("1", nearlyAMebibyte)}]` },
  { name: "a list of lists", value: `[${times("[]", nearlyAMebibyte)}]` },
  { name: "a list of objects", value: `[${times("{}", nearlyAMebibyte)}]` },
  {
    name: "an object of many members",
    value: `{${Array.from({ length: 60_000 }, (_, at) => `"m${at}":1`).join(",")}}`,
  },
  { name: "an object of one member many times", value: `{${times('"a":1', nearlyAMebibyte)}}` },
  { name: "a long text", value: `"${"x".repeat(nearlyAMebibyte)}"` },
  { name: "a text of escapes", value: `"${"\\u0000".repeat(150_000)}"` },
  { name: "a long number", value: "9".repeat(nearlyAMebibyte) },
  { name: "prototypes in prototypes", value: deep('{"__proto__":', "}", 60_000) },
];

/** A body that has the value where it is looked at. */
const places: readonly {
  readonly name: string;
  readonly path: string;
  readonly body: (value: string) => string;
}[] = [
  { name: "as a whole", path: "/apis/v1/acme/chat/c/message", body: (value) => value },
  {
    name: "as messages",
    path: "/apis/v1/acme/chat/c/message",
    body: (value) =>
      `{"inputContext":{"messages":${value}},"systemContext":{"channelId":"web"},"userContext":{"userId":"u"}}`,
  },
  {
    name: "as a message's text",
    path: "/lmos/runtime/apis/v1/acme/chat/c/message",
    body: (value) =>
      `{"inputContext":{"messages":[{"role":"user","content":${value}}]},"systemContext":{"channelId":"web"},"userContext":{"userId":"u"}}`,
  },
  {
    name: "as context",
    path: "/apis/v1/acme/chat/c/message",
    body: (value) =>
      `{"inputContext":{"messages":[{"role":"user","content":"hi"}]},"systemContext":{"channelId":"web","contextParams":${value}},"userContext":{"userId":"u"}}`,
  },
  {
    name: "as a member that nobody knows",
    path: "/apis/v1/acme/chat/c/message",
    body: (value) =>
      `{"unknown":${value},"inputContext":{"messages":[{"role":"user","content":"hi"}]},"systemContext":{"channelId":"web"},"userContext":{"userId":"u"}}`,
  },
  {
    name: "as parameters of A2A",
    path: "/a2a/acme/web",
    body: (value) => `{"jsonrpc":"2.0","id":1,"method":"message/send","params":${value}}`,
  },
  {
    name: "as the id of A2A",
    path: "/a2a/acme/web",
    body: (value) => `{"jsonrpc":"2.0","id":${value},"method":"message/send","params":{}}`,
  },
  {
    name: "as variables of GraphQL",
    path: "/graphql",
    body: (value) => `{"query":"{ agent { names } }","variables":${value}}`,
  },
  { name: "as a query of GraphQL", path: "/graphql", body: (value) => `{"query":${value}}` },
];

describe("S12 a body that holds", () => {
  test.each(shapes)("$name, at each place, is answered and not with a fault of ours", async ({ value }) => {
    const wrong: unknown[] = [];
    for (const { name, path, body } of places) {
      const text = body(value);
      const response = await fetch(running.url + path, {
        method: "POST",
        headers: { "content-type": "application/json", "x-turn-id": "t1" },
        body: text,
      });
      const answer = await response.text();
      const isOurFault = response.status >= 500 || answer.includes("-32603");
      if (isOurFault || answer.length > longestAnswer)
        wrong.push({ name, status: response.status, answer: answer.slice(0, 200) });
    }
    expect(wrong).toEqual([]);
    expect((await postMessage(running, messageBody("hello"))).status).toBe(200);
  });
});

const fields = (depth: number): string => `${"{ a ".repeat(depth)}${"}".repeat(depth)}`;

describe("S12 a query of GraphQL", () => {
  test.each([
    { name: "as deep as may be", query: fields(30_000) },
    {
      name: "of many names for one field",
      query: `{ ${times("a: agent { names }", 300_000).replaceAll(",", " ")} }`,
    },
    {
      name: "of fragments in fragments",
      query: `{ ...f } ${Array.from({ length: 3000 }, (_, at) => `fragment f${at || ""} on Query { ...f${at + 1} }`).join(" ")}`,
    },
    { name: "of a fragment in itself", query: "{ ...f } fragment f on Query { ...f }" },
    { name: "of lists in lists", query: `{ agent(a: ${deep("[", "]", 100_000)}) { names } }` },
    { name: "of a long name", query: `{ ${"x".repeat(900_000)} }` },
    { name: "of a long text that does not end", query: `{ agent(a: "${"x".repeat(900_000)}` },
    { name: "of many directives", query: `{ agent ${"@skip(if: false) ".repeat(20_000)} { names } }` },
  ])("$name is answered at both doors, and not with a fault of ours", async ({ query }) => {
    const response = await fetch(`${running.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBeLessThan(500);
    expect((await response.text()).length).toBeLessThan(longestAnswer);
    using caller = await GraphqlCaller.acknowledged(running.url);
    caller.send({ type: "subscribe", id: "1", payload: { query } });
    await Promise.race([caller.next(), caller.closed()]);
    expect((await postMessage(running, messageBody("hello"))).status).toBe(200);
  });
});
