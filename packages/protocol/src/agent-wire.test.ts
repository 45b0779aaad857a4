import { isRecord } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AgentRequest,
  agentRequestSchema,
  asksForStreaming,
  writeAgentRequest,
} from "./agent-request.ts";
import { agentResultSchema, handoverStatus, handoverTarget } from "./agent-result.ts";
import { utf8Length } from "./frame.ts";
import { negotiateSubprotocol, streamingContextKey } from "./well-known.ts";

const texts = fc.string({ unit: "grapheme", maxLength: 6 });
const maybe = fc.option(texts, { nil: undefined });
const entries = fc.array(fc.record({ key: texts, value: texts }), { maxLength: 2 });
const binaryData = fc.array(fc.record({ mimeType: texts, dataAsBase64: maybe, source: maybe }), {
  maxLength: 2,
});
const message = fc.record({
  role: fc.constantFrom("user" as const, "assistant" as const),
  content: texts,
  format: texts,
  turnId: maybe,
  binaryData: fc.option(binaryData, { nil: undefined }),
});
const replaced = fc.array(fc.record({ type: texts, value: texts, replacement: texts }), { maxLength: 2 });
const requests: fc.Arbitrary<AgentRequest> = fc.record({
  messages: fc.array(message, { maxLength: 3 }),
  conversationContext: fc.record({
    conversationId: texts,
    turnId: maybe,
    anonymizationEntities: fc.option(replaced, { nil: undefined }),
  }),
  systemContext: entries,
  userContext: fc.record({ userId: maybe, userToken: maybe, profile: entries }),
});

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

  it("reads what it writes, whatever is said, and writes each key of ARC's input types", () => {
    fc.assert(
      fc.property(requests, (request) => {
        const written: unknown = JSON.parse(JSON.stringify(writeAgentRequest(request)));
        expect(agentRequestSchema.parse(written)).toEqual(request);
        expect(keysOf(written)).toEqual([
          "conversationContext",
          "conversationContext.anonymizationEntities",
          "conversationContext.conversationId",
          "conversationContext.turnId",
          "messages",
          "systemContext",
          "userContext",
          "userContext.profile",
          "userContext.userId",
          "userContext.userToken",
        ]);
      }),
    );
  });

  it("writes each key of a message and of its data, null where there is nothing", () => {
    const binaryData = [{ mimeType: "audio/wav", source: "STREAM_SOURCE" }];
    const request = agentRequestSchema.parse({
      ...least,
      messages: [...least.messages, { role: "assistant", content: "", binaryData }],
    });
    expect(writeAgentRequest(request)["messages"]).toEqual([
      { role: "user", content: "hi", format: "text", turnId: null, binaryData: null },
      {
        role: "assistant",
        content: "",
        format: "text",
        turnId: null,
        binaryData: [{ mimeType: "audio/wav", dataAsBase64: null, source: "STREAM_SOURCE" }],
      },
    ]);
  });

  it.each([
    { name: "no messages", wire: { conversationContext: least.conversationContext }, path: "messages" },
    {
      name: "a message without words",
      wire: { ...least, messages: [{ role: "user" }] },
      path: "messages.0.content",
    },
    { name: "no conversation", wire: { messages: least.messages }, path: "conversationContext" },
    {
      name: "a conversation without an id",
      wire: { ...least, conversationContext: {} },
      path: "conversationContext.conversationId",
    },
    {
      name: "a context entry without a value",
      wire: { ...least, systemContext: [{ key: "a" }] },
      path: "systemContext.0.value",
    },
    {
      name: "a profile by key",
      wire: { ...least, userContext: { profile: { a: "b" } } },
      path: "userContext.profile",
    },
  ])("names the field of a request with $name", ({ wire, path }) => {
    const { error } = agentRequestSchema.safeParse(wire);
    expect(error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
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
    {
      name: "an unknown role",
      wire: { messages: [{ role: "tool", content: "x" }] },
      read: { messages: [{ role: "assistant" }] },
    },
    {
      name: "a message without words",
      wire: { messages: [{ role: "assistant", content: null }] },
      read: { messages: [{ content: "" }] },
    },
    {
      name: "members that it does not know",
      wire: { type: "EVENT", usage: { tokens: 7 } },
      read: { type: "EVENT" },
    },
    { name: "a status of an agent's own", wire: { status: "NEEDS_LOGIN" }, read: { status: "NEEDS_LOGIN" } },
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

describe("any agent's name", () => {
  it("is found again in the status that hands over to it", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{1,40}$/), (name) => {
        expect(handoverTarget(handoverStatus(name))).toBe(name);
      }),
    );
  });

  it.each([
    "AGENT_HANDOVER[]",
    "agent_handover[a]",
    "AGENT_HANDOVER[a",
    " AGENT_HANDOVER[a]",
    "UNRESOLVED",
    "",
  ])("is not in the status %j", (status) => {
    expect(handoverTarget(status)).toBeUndefined();
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

/** The keys of an object and of the objects in it, but for lists. */
function keysOf(value: unknown, path = ""): readonly string[] {
  if (!isRecord(value)) return [];
  return Object.keys(value)
    .toSorted()
    .flatMap((key) => [`${path}${key}`, ...keysOf(value[key], `${path}${key}.`)]);
}
