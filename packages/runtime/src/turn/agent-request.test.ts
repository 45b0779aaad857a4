import type { TraceContext } from "@lmos/protocol";
import { expect, test } from "vitest";
import { turnOf } from "../testing/turns.ts";
import { toAgentRequest } from "./agent-request.ts";

test("tells the agent the turn, the tenant and the channel", () => {
  const turn = turnOf({ contextParams: [{ key: "k", value: "v" }], profile: [{ key: "age", value: "7" }] });
  const { messages, conversationContext, systemContext, userContext } = toAgentRequest(turn);
  expect({ messages, conversationContext, systemContext, userContext }).toEqual({
    messages: turn.messages,
    conversationContext: { conversationId: "c1", turnId: "t1", anonymizationEntities: undefined },
    systemContext: [
      { key: "k", value: "v" },
      { key: "tenantId", value: "acme" },
      { key: "channelId", value: "web" },
    ],
    userContext: { userId: "u1", profile: [{ key: "age", value: "7" }] },
  });
});

test("tells a part of the conversation where that is asked for, and what else there is at the time", () => {
  const turn = turnOf({ contextParams: [{ key: "k", value: "v" }] });
  const shown = [{ role: "user", content: "only this", format: "text" }] as const;
  const told = { entries: [{ key: "lmos.ask", value: "http://runtime/1" }] };
  const request = toAgentRequest(turn, { messages: shown, told });
  expect(request.messages).toBe(shown);
  expect(request.systemContext.slice(-1)).toEqual(told.entries);
  told.entries = [{ key: "lmos.ask", value: "http://runtime/2" }];
  expect(request.systemContext.slice(-1)).toEqual(told.entries);
});

test("doesn't let a client speak for the runtime", () => {
  const forged = ["tenantId", "channelId", "lmos.streaming", "lmos.notes", "lmos.ask", "lmos.explain"];
  const turn = turnOf({ contextParams: forged.map((key) => ({ key, value: "forged" })) });
  expect(JSON.stringify(toAgentRequest(turn).systemContext)).not.toContain("forged");
});

test("asks for pieces and notes when the client reads a stream", () => {
  expect(toAgentRequest(turnOf({ streaming: true })).systemContext).toEqual(
    expect.arrayContaining([
      { key: "lmos.streaming", value: "true" },
      { key: "lmos.notes", value: "true" },
    ]),
  );
});

test("the trace context of a turn goes with its request, and no client sets it otherwise", () => {
  const forged = ["traceparent", "tracestate"].map((key) => ({ key, value: "forged" }));
  const entriesFor = (trace: TraceContext) =>
    toAgentRequest(
      turnOf({ contextParams: forged, correlation: { correlationId: "x1", ...trace } }),
    ).systemContext.filter(({ key }) => key.startsWith("trace"));
  const parent = { key: "traceparent", value: "00-1-2-01" };
  expect(entriesFor({ traceparent: "00-1-2-01" })).toEqual([parent]);
  expect(entriesFor({ traceparent: "00-1-2-01", tracestate: "rojo=1" })).toEqual([
    parent,
    { key: "tracestate", value: "rojo=1" },
  ]);
  expect(entriesFor({ traceparent: undefined })).toEqual([]);
});
