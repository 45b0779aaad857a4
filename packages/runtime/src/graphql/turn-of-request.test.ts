import type { AgentRequest } from "@lmos/protocol";
import { describe, expect, test } from "vitest";
import { acceptRequest } from "./turn-of-request.ts";

const correlation = { correlationId: "x1", traceparent: undefined };
const tenantAndChannel = [
  { key: "tenantId", value: "acme" },
  { key: "channelId", value: "web" },
];

function requestOf(overrides: Partial<AgentRequest> = {}): AgentRequest {
  return {
    messages: [{ role: "user", content: "hello", format: "text" }],
    conversationContext: { conversationId: "c1", turnId: "t1" },
    systemContext: tenantAndChannel,
    userContext: { userId: "u1", profile: [] },
    ...overrides,
  };
}

function turnOf(request: AgentRequest, more: Partial<Parameters<typeof acceptRequest>[1]> = {}) {
  const acceptance = acceptRequest(request, { correlation, ...more });
  if (acceptance.kind === "refused") throw new TypeError(acceptance.failure.message);
  return acceptance.turn;
}

describe("a request becomes a turn", () => {
  test("of the tenant and channel in its context, all of which agents are told", () => {
    const more = { key: "color", value: "blue" };
    const turn = turnOf(requestOf({ systemContext: [...tenantAndChannel, more] }));
    expect(turn).toMatchObject({
      ...{ tenant: "acme", channel: "web", subset: undefined, explicitAgent: undefined },
      ...{ conversationId: "c1", turnId: "t1", userId: "u1", streaming: false, history: "client" },
      contextParams: [...tenantAndChannel, more],
    });
  });

  test("of the user's profile and what was made anonymous", () => {
    const entity = { type: "NAME", value: "Pat", replacement: "[NAME_1]" };
    const turn = turnOf(
      requestOf({
        conversationContext: { conversationId: "c1", anonymizationEntities: [entity] },
        userContext: { userId: "u1", profile: [{ key: "language", value: "en" }] },
      }),
    );
    expect(turn.profile).toEqual([{ key: "language", value: "en" }]);
    expect(turn.anonymizationEntities).toEqual([entity]);
  });

  test("with the Kotlin runtime's word for a turn without an id", () => {
    const turn = turnOf(requestOf({ conversationContext: { conversationId: "c1" } }));
    expect(turn.turnId).toBe("unknown turnId");
  });

  test.each([
    { name: "the socket's, where it names none", systemContext: tenantAndChannel.slice(1), tenant: "globex" },
    { name: "its own", systemContext: tenantAndChannel, tenant: "acme" },
  ])("its tenant is $name", ({ systemContext, tenant }) => {
    expect(turnOf(requestOf({ systemContext }), { tenant: "globex" }).tenant).toBe(tenant);
  });

  test("of the first tenant, where it names two", () => {
    const systemContext = [...tenantAndChannel, { key: "tenantId", value: "globex" }];
    expect(turnOf(requestOf({ systemContext })).tenant).toBe("acme");
  });
});

describe("a request is refused, naming what is wrong:", () => {
  const rows: readonly { readonly name: string; readonly request: AgentRequest; readonly says: string }[] = [
    {
      name: "no tenant",
      request: requestOf({ systemContext: tenantAndChannel.slice(1) }),
      says: "missing tenantId in systemContext",
    },
    {
      name: "no channel",
      request: requestOf({ systemContext: tenantAndChannel.slice(0, 1) }),
      says: "missing channelId in systemContext",
    },
    { name: "no user", request: requestOf({ userContext: { profile: [] } }), says: "missing user id" },
    {
      name: "a long turn id",
      request: requestOf({ conversationContext: { conversationId: "c1", turnId: "t".repeat(257) } }),
      says: "The turn id has more than 256 characters: shorten it.",
    },
    {
      name: "a long conversation id",
      request: requestOf({ conversationContext: { conversationId: "c".repeat(257) } }),
      says: "The conversation id has more than 256 characters: shorten it.",
    },
    {
      name: "too many messages",
      request: requestOf({
        messages: Array.from(
          { length: 201 },
          () => ({ role: "user", content: "hi", format: "text" }) as const,
        ),
      }),
      says: "Field inputContext.messages has more than 200 entries: send fewer.",
    },
    {
      name: "nothing of a user",
      request: requestOf({ messages: [{ role: "assistant", content: "hi", format: "text" }] }),
      says: "Field inputContext.messages has no message of the role user: send one, or name an explicitAgent.",
    },
  ];
  test.each(rows)("$name", ({ request, says }) => {
    expect(acceptRequest(request, { correlation })).toMatchObject({
      kind: "refused",
      failure: { code: "invalid_request", message: says, retryable: false },
    });
  });
});
