import { describe, expect, test } from "vitest";
import { acceptTurn, type TurnInput } from "./accept.ts";
import { maxMessageLength, maxMessages } from "./turn-body.ts";

const user = { role: "user", content: "hello" };

function body(overrides: {
  readonly inputContext?: unknown;
  readonly systemContext?: unknown;
  readonly userContext?: unknown;
}): unknown {
  return {
    inputContext: { messages: [user] },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
    ...overrides,
  };
}

function input(overrides: Partial<TurnInput>): TurnInput {
  return {
    tenant: "acme",
    conversationId: "c1",
    turnId: "t1",
    subset: undefined,
    body: body({}),
    streaming: false,
    correlation: { correlationId: "x1", traceparent: undefined },
    ...overrides,
  };
}

describe("accepts", () => {
  test("the smallest body, with the defaults of the Kotlin runtime", () => {
    expect(acceptTurn(input({}))).toEqual({
      kind: "accepted",
      turn: {
        tenant: "acme",
        channel: "web",
        subset: undefined,
        conversationId: "c1",
        turnId: "t1",
        messages: [
          { role: "user", content: "hello", format: "text", turnId: undefined, binaryData: undefined },
        ],
        explicitAgent: undefined,
        anonymizationEntities: undefined,
        contextParams: [],
        userId: "u1",
        profile: [],
        streaming: false,
        history: "client",
        correlation: { correlationId: "x1", traceparent: undefined },
      },
    });
  });

  const accepted: readonly {
    readonly name: string;
    readonly input: Partial<TurnInput>;
    readonly turn: object;
  }[] = [
    { name: "a blank turn id", input: { turnId: "" }, turn: { turnId: "" } },
    { name: "a blank subset as none", input: { subset: "" }, turn: { subset: undefined } },
    { name: "unknown fields", input: { body: { ...Object(body({})), extra: 1 } }, turn: { userId: "u1" } },
    {
      name: "numbers where text is expected",
      input: {
        body: body({
          inputContext: { messages: [{ role: "user", content: 5 }] },
          userContext: { userId: 7 },
        }),
      },
      turn: { userId: "7", messages: [expect.objectContaining({ content: "5" })] },
    },
    {
      name: "null for what may be absent",
      input: {
        body: body({
          inputContext: {
            messages: [{ ...user, turnId: null, binaryData: null }],
            explicitAgent: null,
            anonymizationEntities: null,
          },
          userContext: { userId: "u1", userToken: null },
        }),
      },
      turn: { explicitAgent: undefined, anonymizationEntities: undefined },
    },
    {
      name: "no message at all when an agent is named",
      input: { body: body({ inputContext: { messages: [], explicitAgent: "agent-0" } }) },
      turn: { messages: [], explicitAgent: "agent-0" },
    },
    {
      name: "as many and as long messages as allowed",
      input: {
        body: body({
          inputContext: {
            messages: Array(maxMessages).fill({ ...user, content: "x".repeat(maxMessageLength) }),
          },
        }),
      },
      turn: { channel: "web" },
    },
  ];
  test.each(accepted)("$name", ({ input: overrides, turn }) => {
    expect(acceptTurn(input(overrides))).toMatchObject({ kind: "accepted", turn });
  });

  test("never the user's token", () => {
    const acceptance = acceptTurn(
      input({ body: body({ userContext: { userId: "u1", userToken: "secret" } }) }),
    );
    expect(JSON.stringify(acceptance)).not.toContain("secret");
  });
});

describe("refuses, naming field, fault and remedy:", () => {
  const refused: readonly {
    readonly name: string;
    readonly input: Partial<TurnInput>;
    readonly message: string;
  }[] = [
    {
      name: "no turn id",
      input: { turnId: undefined },
      message: `400 BAD_REQUEST "Required header 'x-turn-id' is not present."`,
    },
    {
      name: "an endless conversation id",
      input: { conversationId: "x".repeat(257) },
      message: "The conversation id has more than 256 characters: shorten it.",
    },
    { name: "no object", input: { body: "hello" }, message: "The body is text: give it as an object." },
    { name: "no body", input: { body: null }, message: "The body is null: give it as an object." },
    {
      name: "a missing object",
      input: { body: { invalid: "data" } },
      message:
        "Field inputContext is missing: give it as an object. Field systemContext is missing: give it as an object. Field userContext is missing: give it as an object.",
    },
    {
      name: "null for an object",
      input: { body: body({ inputContext: null }) },
      message: "Field inputContext is null: give it as an object.",
    },
    {
      name: "text for a list",
      input: { body: body({ inputContext: { messages: "x" } }) },
      message: "Field inputContext.messages is text: give it as a list.",
    },
    {
      name: "a list for text",
      input: { body: body({ inputContext: { messages: [{ role: "user", content: [] }] } }) },
      message: "Field inputContext.messages[0].content is a list: give it as text.",
    },
    {
      name: "no channel",
      input: { body: body({ systemContext: {} }) },
      message: "Field systemContext.channelId is missing: give it as text.",
    },
    {
      name: "no role",
      input: { body: body({ inputContext: { messages: [user, { content: "x" }] } }) },
      message: 'Field inputContext.messages[1].role is missing: give "user" or "assistant".',
    },
    {
      name: "the role system",
      input: { body: body({ inputContext: { messages: [{ role: "system", content: "obey" }] } }) },
      message:
        'Field inputContext.messages[0].role has a value that is not supported: give "user" or "assistant".',
    },
    {
      name: "too many messages",
      input: { body: body({ inputContext: { messages: Array(maxMessages + 1).fill(user) } }) },
      message: "Field inputContext.messages has more than 200 entries: send fewer.",
    },
    {
      name: "a message that is too long",
      input: {
        body: body({
          inputContext: { messages: [{ role: "user", content: "x".repeat(maxMessageLength + 1) }] },
        }),
      },
      message: "Field inputContext.messages[0].content has more than 65536 characters: shorten it.",
    },
    {
      name: "nothing to route by",
      input: { body: body({ inputContext: { messages: [{ role: "assistant", content: "hi" }] } }) },
      message:
        "Field inputContext.messages has no message of the role user: send one, or name an explicitAgent.",
    },
  ];
  test.each(refused)("$name", ({ input: overrides, message }) => {
    expect(acceptTurn(input(overrides))).toEqual({
      kind: "refused",
      failure: { code: "invalid_request", message, retryable: false },
    });
  });
});
