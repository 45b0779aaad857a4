import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStateKeys } from "./state-keys.ts";

const keys = createStateKeys("secret");
const owner = { issuer: "https://issuer", subject: "alice" };
const conversation = { owner, tenant: "acme", channel: "web", conversationId: "c1", userId: "alice" };

describe("the key of a conversation", () => {
  test("is the same for the same conversation, and tells nothing of it", () => {
    const key = keys.conversation(conversation);
    expect(key).toBe(keys.conversation({ ...conversation }));
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test.each([
    { name: "issuer", other: { owner: { ...owner, issuer: "https://other" } } },
    { name: "subject", other: { owner: { ...owner, subject: "mallory" } } },
    { name: "owner that nobody proved", other: { owner: undefined } },
    { name: "tenant", other: { tenant: "globex" } },
    { name: "channel", other: { channel: "voice" } },
    { name: "id", other: { conversationId: "c2" } },
    {
      name: "id that plays with the border to the channel",
      other: { channel: 'web","c', conversationId: "1" },
    },
  ])("is another one for another $name", ({ other }) => {
    expect(keys.conversation({ ...conversation, ...other })).not.toBe(keys.conversation(conversation));
  });

  test("is the same whatever the client calls a user who has proved who it is", () => {
    expect(keys.conversation({ ...conversation, userId: "bob" })).toBe(keys.conversation(conversation));
  });

  test.each([
    { name: "another name", userId: "bob" },
    { name: "no name", userId: undefined },
    { name: "an empty name", userId: "" },
  ])("is another one for $name where nobody proves who they are", ({ userId }) => {
    const claimed = { ...conversation, owner: undefined };
    expect(keys.conversation({ ...claimed, userId })).not.toBe(keys.conversation(claimed));
  });

  test("of a proven subject is not that of somebody who only says so", () => {
    const claimed = { ...conversation, owner: undefined, userId: owner.subject };
    expect(keys.conversation(claimed)).not.toBe(keys.conversation(conversation));
  });

  test("is another one under another secret", () => {
    expect(createStateKeys("other").conversation(conversation)).not.toBe(keys.conversation(conversation));
  });

  test("differs whenever a part does", () => {
    const text = fc.string({ maxLength: 8 });
    const parts = fc.record({ tenant: text, channel: text, conversationId: text });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const equal = JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other));
        expect(keys.conversation(one) === keys.conversation(other)).toBe(equal);
      }),
    );
  });
});

describe("the key of a user", () => {
  test.each([
    { name: "issuer", other: { owner: { ...owner, issuer: "https://other" } } },
    { name: "subject", other: { owner: { ...owner, subject: "mallory" } } },
    { name: "tenant", other: { tenant: "globex" } },
    { name: "owner that nobody proved", other: { owner: undefined } },
  ])("is another one for another $name", ({ other }) => {
    expect(keys.user({ ...conversation, ...other })).not.toBe(keys.user(conversation));
  });

  test("is that of the subject, whatever the client calls the user", () => {
    expect(keys.user({ ...conversation, userId: "bob" })).toBe(keys.user(conversation));
  });

  test.each(["", "  ", "anonymous", undefined])("is none for somebody called %j", (userId) => {
    expect(keys.user({ tenant: "acme", userId })).toBeUndefined();
  });

  test("is never that of a conversation", () => {
    const unnamed = { ...conversation, owner: undefined, userId: "" };
    expect(keys.keeper(unnamed)).toBe(keys.conversation(unnamed));
    expect(keys.keeper(conversation)).toBe(keys.user(conversation));
    expect(keys.keeper(conversation)).not.toBe(keys.conversation(conversation));
  });
});
