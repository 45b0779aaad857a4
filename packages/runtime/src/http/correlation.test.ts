import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, test } from "vitest";
import { startFakeAgent } from "../testing/fake-agent.ts";
import { routingOf } from "../testing/routings.ts";
import { messageBody, postMessage, startTestRuntime } from "../testing/running-runtime.ts";
import { correlationOf } from "./correlation.ts";

const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

test.each(["application/json", "text/event-stream"])(
  "an answer as %s carries its request's correlation",
  async (accept) => {
    await using agent = await startFakeAgent();
    await using running = await startTestRuntime({
      objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
    });
    const headers = { accept, "x-correlation-id": "order-77", traceparent };
    const response = await postMessage(running, messageBody("hello"), { headers });
    await response.text();
    expect(response.headers.get("x-correlation-id")).toBe("order-77");
    expect(response.headers.get("traceparent")).toBe(traceparent);
  },
);

test.each([
  { name: "none", headers: {} },
  { name: "one with blanks", headers: { "x-correlation-id": "a b" } },
  { name: "an endless one", headers: { "x-correlation-id": "x".repeat(200) } },
])("a request with $name gets an id of its own, also when it fails", async ({ headers }) => {
  await using running = await startTestRuntime({});
  const response = await fetch(`${running.url}/nothing`, { headers });
  expect(response.headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
});

describe("of a trace context", () => {
  const rows: readonly {
    readonly name: string;
    readonly headers: IncomingHttpHeaders;
    readonly read: object;
  }[] = [
    { name: "nothing is read where it is none", headers: { traceparent: "hello" }, read: {} },
    {
      name: "parent and state",
      headers: { traceparent, tracestate: "a=1, b=2" },
      read: { traceparent, tracestate: "a=1,b=2" },
    },
    {
      name: "the parent of a malformed state",
      headers: { traceparent, tracestate: "hello" },
      read: { traceparent },
    },
    { name: "no state without a parent", headers: { tracestate: "a=1" }, read: {} },
  ];
  test.each(rows)("$name", ({ headers, read }) => {
    expect(correlationOf(headers, "x1")).toEqual({ correlationId: "x1", traceparent: undefined, ...read });
  });
});

test("the state of a trace is for agents, not for who asked", async () => {
  await using agent = await startFakeAgent();
  await using running = await startTestRuntime({
    objects: [routingOf([{ name: "agent-0", host: `127.0.0.1:${agent.port}` }])],
  });
  const headers = { traceparent, tracestate: "rojo=1, congo=2" };
  const response = await postMessage(running, messageBody("hello"), { headers });
  expect(response.headers.has("tracestate")).toBe(false);
  const { frame } = await agent.whenSeen(({ frame: seen }) => seen?.["type"] === "subscribe");
  expect(frame).toMatchObject({
    payload: {
      variables: {
        request: {
          systemContext: expect.arrayContaining([
            { key: "traceparent", value: traceparent },
            { key: "tracestate", value: "rojo=1,congo=2" },
          ]),
        },
      },
    },
  });
});
