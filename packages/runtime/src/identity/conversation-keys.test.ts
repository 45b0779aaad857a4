import { expect, test } from "vitest";
import { createConversationKeys } from "./conversation-keys.ts";

const keys = createConversationKeys("secret");
const owner = { issuer: "https://issuer", subject: "alice" };
const conversation = { owner, tenant: "acme", channel: "web", conversationId: "c1" };

test("the same conversation has the same key, which tells nothing of it", () => {
  const key = keys.keyOf(conversation);
  expect(key).toBe(keys.keyOf({ ...conversation }));
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
])("another $name has another key", ({ other }) => {
  expect(keys.keyOf({ ...conversation, ...other })).not.toBe(keys.keyOf(conversation));
});

test("another secret gives other keys", () => {
  expect(createConversationKeys("other").keyOf(conversation)).not.toBe(keys.keyOf(conversation));
});
