import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptTurn } from "./accept.ts";
import { maxMessageLength, maxMessages, turnBodySchema } from "./turn-body.ts";

const least = {
  inputContext: { messages: [{ role: "user", content: "hi" }] },
  systemContext: { channelId: "web" },
  userContext: { userId: "u1" },
};

function accept(body: unknown): ReturnType<typeof acceptTurn> {
  const correlation = { correlationId: "x1", traceparent: undefined };
  const ids = { tenant: "acme", conversationId: "c1", turnId: "t1", subset: undefined };
  return acceptTurn({ ...ids, body, streaming: false, correlation });
}

/** `least` with one member in place of another; the path is written with dots. */
function withMember(path: string, value: unknown): unknown {
  const copy = structuredClone(least) as Record<string, unknown>;
  const names = path.split(".");
  const last = names.pop() ?? "";
  let at: Record<string, unknown> = copy;
  for (const name of names) at = at[name] as Record<string, unknown>;
  at[last] = value;
  return copy;
}

describe("a body", () => {
  test.each([
    { name: "a number is read as text", path: "inputContext.messages.0.content", value: 7, read: "7" },
    {
      name: "a truth value is read as text",
      path: "inputContext.messages.0.content",
      value: false,
      read: "false",
    },
    { name: "an empty text is one", path: "inputContext.messages.0.content", value: "", read: "" },
    {
      name: "as long as is allowed",
      path: "inputContext.messages.0.content",
      value: "x".repeat(maxMessageLength),
      read: "x".repeat(maxMessageLength),
    },
  ])("$name", ({ path, value, read }) => {
    expect(turnBodySchema.parse(withMember(path, value)).inputContext.messages[0]?.content).toBe(read);
  });

  test.each([
    { path: "inputContext", value: null, says: "Field inputContext is null: give it as an object." },
    {
      path: "inputContext.messages",
      value: {},
      says: "Field inputContext.messages is an object: give it as a list.",
    },
    {
      path: "inputContext.messages",
      value: Array(maxMessages + 1).fill(least.inputContext.messages[0]),
      says: `has more than ${maxMessages} entries: send fewer.`,
    },
    {
      path: "inputContext.messages.0.role",
      value: "system",
      says: 'Field inputContext.messages[0].role has a value that is not supported: give "user" or "assistant".',
    },
    {
      path: "inputContext.messages.0.role",
      value: undefined,
      says: 'Field inputContext.messages[0].role is missing: give "user" or "assistant".',
    },
    {
      path: "inputContext.messages.0.content",
      value: null,
      says: "Field inputContext.messages[0].content is null: give it as text.",
    },
    {
      path: "inputContext.messages.0.content",
      value: ["x"],
      says: "Field inputContext.messages[0].content is a list: give it as text.",
    },
    {
      path: "inputContext.messages.0.content",
      value: "x".repeat(maxMessageLength + 1),
      says: `has more than ${maxMessageLength} characters: shorten it.`,
    },
    {
      path: "inputContext.explicitAgent",
      value: {},
      says: "Field inputContext.explicitAgent is an object: give it as text.",
    },
    {
      path: "systemContext.channelId",
      value: undefined,
      says: "Field systemContext.channelId is missing: give it as text.",
    },
    {
      path: "systemContext.contextParams",
      value: [{ key: "a" }],
      says: "Field systemContext.contextParams[0].value is missing: give it as text.",
    },
    { path: "userContext.userId", value: null, says: "Field userContext.userId is null: give it as text." },
  ])("with $path of another kind is refused, and the field is named", ({ path, value, says }) => {
    const acceptance = accept(withMember(path, value));
    expect(acceptance.kind === "refused" && acceptance.failure.message).toContain(says);
  });

  test("S13 is never told back, whatever is wrong with it", () => {
    const canary = "canary-7f3a";
    const values = fc.oneof(
      fc.constant(canary),
      fc.constant({ [canary]: canary }),
      fc.constant([canary]),
      fc.jsonValue().map((value) => ({ value, canary })),
    );
    const path = fc.constantFrom(
      ...["inputContext", "inputContext.messages", "inputContext.messages.0", "inputContext.messages.0.role"],
      ...["inputContext.messages.0.binaryData", "inputContext.anonymizationEntities", "systemContext"],
      ...["systemContext.contextParams", "userContext", "userContext.contextParams", "userContext.userId"],
    );
    fc.assert(
      fc.property(path, values, (where, value) => {
        const acceptance = accept(withMember(where, value));
        if (acceptance.kind === "refused") expect(acceptance.failure.message).not.toContain(canary);
      }),
    );
  });

  test("S7 that is accepted holds messages of users and assistants alone, and never a token for an agent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ role: fc.string(), content: fc.string() }), { maxLength: 4 }),
        (messages) => {
          const acceptance = accept({
            ...least,
            inputContext: { messages: [...messages, { role: "user", content: "hi" }] },
            userContext: { userId: "u1", userToken: "secret-token" },
          });
          const known = messages.every(({ role }) => role === "user" || role === "assistant");
          expect(acceptance.kind).toBe(known ? "accepted" : "refused");
          expect(JSON.stringify(acceptance)).not.toContain("secret-token");
        },
      ),
    );
  });

  test("of any JSON is accepted or refused with a sentence", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const acceptance = accept(body);
        expect(acceptance.kind === "refused" && acceptance.failure.message).toMatch(/\.$/);
      }),
    );
  });
});
