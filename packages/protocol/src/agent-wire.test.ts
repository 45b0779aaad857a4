import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentRequestSchema, asksForStreaming, writeAgentRequest } from "./agent-request.ts";
import { agentResultSchema, handoverStatus, handoverTarget } from "./agent-result.ts";
import { utf8Length } from "./frame.ts";
import { negotiateSubprotocol, streamingContextKey } from "./well-known.ts";

describe("agentRequestSchema", () => {
  const least = {
    messages: [{ role: "user", content: "hi" }],
    conversationContext: { conversationId: "c1" },
  };

  it("fills what a caller may leave out", () => {
    expect(agentRequestSchema.parse(least)).toMatchObject({
      messages: [{ role: "user", content: "hi", format: "text" }],
      systemContext: [],
      userContext: { profile: [] },
    });
  });

  it("reads what it writes", () => {
    const request = agentRequestSchema.parse({
      ...least,
      systemContext: [{ key: "tenantId", value: "acme" }],
      userContext: { userId: "u", profile: [{ key: "name", value: "Pat" }] },
    });
    expect(agentRequestSchema.parse(writeAgentRequest(request))).toEqual(request);
  });

  it("refuses a role that ARC has no message for", () => {
    const system = { ...least, messages: [{ role: "system", content: "" }] };
    expect(agentRequestSchema.safeParse(system).error?.issues[0]?.path).toEqual(["messages", 0, "role"]);
  });

  it.each([
    { value: "true", asks: true },
    { value: "false", asks: false },
    { value: "TRUE", asks: false },
  ])("streams for the value $value: $asks", ({ value, asks }) => {
    const systemContext = [{ key: streamingContextKey, value }];
    expect(asksForStreaming(agentRequestSchema.parse({ ...least, systemContext }))).toBe(asks);
  });
});

describe("agentResultSchema", () => {
  it.each([
    { name: "the status text null", wire: { status: "null" }, read: { status: undefined } },
    { name: "a missing type", wire: {}, read: { type: "MESSAGE" } },
    { name: "a null type", wire: { type: null }, read: { type: "MESSAGE" } },
    { name: "a type of the future", wire: { type: "THOUGHT" }, read: { type: "EVENT" } },
    { name: "null lists", wire: { context: null, toolCalls: null }, read: { context: [], toolCalls: [] } },
    {
      name: "a bare message",
      wire: { messages: [{ content: "hi" }] },
      read: { messages: [{ role: "assistant", content: "hi", format: "text" }] },
    },
    { name: "no response time", wire: { responseTime: null }, read: { responseTime: -1 } },
  ])("reads $name", ({ wire, read }) => {
    expect(agentResultSchema.parse(wire)).toMatchObject(read);
  });
});

describe("handover", () => {
  it("names an agent in the status, and finds it there again", () => {
    expect(handoverTarget(handoverStatus("billing-agent"))).toBe("billing-agent");
    expect(handoverTarget("AGENT_HANDOVER")).toBeUndefined();
    expect(handoverTarget(undefined)).toBeUndefined();
  });
});

describe("negotiateSubprotocol", () => {
  it.each([
    { offered: [], choice: { kind: "accepted", subprotocol: undefined } },
    {
      offered: ["foo", "graphql-transport-ws"],
      choice: { kind: "accepted", subprotocol: "graphql-transport-ws" },
    },
    {
      offered: ["graphql-ws"],
      choice: {
        kind: "refused",
        reason: 'sub-protocol "graphql-ws" is not served here; offer "graphql-transport-ws" or none',
      },
    },
  ])("for $offered", ({ offered, choice }) => {
    expect(negotiateSubprotocol(offered)).toEqual(choice);
  });
});

describe("utf8Length", () => {
  it("counts as the encoder does", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });
});
