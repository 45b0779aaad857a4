import { describe, expect, test } from "vitest";
import {
  type AddedMessages,
  createConversationMemory,
  maxRememberedLength,
  maxRememberedMessages,
} from "./conversation-memory.ts";

const key = (conversationId: string) => ({ tenant: "acme", channel: "web", conversationId });
const said = (content: string, how: Omit<AddedMessages, "messages" | "at"> = {}): AddedMessages => ({
  messages: [{ role: "user", content }],
  at: 7,
  ...how,
});

describe("conversation memory", () => {
  test("keeps messages in order and the subset of the first turn", () => {
    const memory = createConversationMemory(10);
    memory.append(key("c"), { subset: "canary" }, said("one"));
    memory.append(key("c"), { subset: "stable" }, said("two"));
    expect(memory.find(key("c"))).toEqual({
      subset: "canary",
      messages: [
        { role: "user", content: "one" },
        { role: "user", content: "two" },
      ],
      at: 7,
    });
  });

  const question = { text: "Which?", choices: [{ agent: "a", capability: "b", confidence: 0.5 }] };
  test.each([
    { name: "a question that is open", how: { question }, kept: { question } },
    { name: "that the agent has handed over", how: { handedOver: true }, kept: { handedOver: true } },
    { name: "nothing else", how: { handedOver: false }, kept: {} },
  ])("keeps of the last turn $name, until the next", ({ how, kept }) => {
    const memory = createConversationMemory(10);
    memory.append(key("c"), { subset: "stable" }, said("one", how));
    const { messages: _, ...rest } = memory.find(key("c")) ?? {};
    expect(rest).toEqual({ subset: "stable", at: 7, ...kept });
    memory.append(key("c"), { subset: "stable" }, { ...said("two"), at: 9 });
    const { messages: __, ...after } = memory.find(key("c")) ?? {};
    expect(after).toEqual({ subset: "stable", at: 9 });
  });

  test("forgets those used longest ago when their messages are too long together", () => {
    const memory = createConversationMemory(100, 10);
    const known = () => ["a", "b", "c"].filter((id) => memory.find(key(id)) !== undefined);
    memory.append(key("a"), { subset: "stable" }, said("aaaa"));
    memory.append(key("b"), { subset: "stable" }, said("bbbb"));
    memory.append(key("a"), { subset: "stable" }, said("a"));
    expect(known()).toEqual(["a", "b"]);
    memory.append(key("c"), { subset: "stable" }, said("cc"));
    expect(known()).toEqual(["a", "c"]);
    memory.append(key("b"), { subset: "stable" }, said("b".repeat(20)));
    expect(known()).toEqual(["b"]);
    expect(memory.forget(() => true)).toBe(1);
    for (const id of ["a", "b"]) memory.append(key(id), { subset: "stable" }, said("xxxxx"));
    expect(known()).toEqual(["a", "b"]);
  });

  test("cuts a long message between any two code units", () => {
    const memory = createConversationMemory(1);
    for (const content of ["🤷".repeat(600), `x${"🤷".repeat(600)}`, '"\\\n'.repeat(500)]) {
      memory.append(key("c"), { subset: "stable" }, said(content));
      expect(memory.find(key("c"))?.messages.at(-1)?.content).toBe(content.slice(0, maxRememberedLength));
    }
  });

  test("forgets the conversation that was used longest ago", () => {
    const memory = createConversationMemory(2);
    for (const id of ["a", "b", "a", "c"]) memory.append(key(id), { subset: "stable" }, said(id));
    expect(["a", "b", "c"].map((id) => memory.find(key(id)) !== undefined)).toEqual([true, false, true]);
    expect(memory.size).toBe(2);
  });

  test("keeps the last messages only, and the start of long ones", () => {
    const memory = createConversationMemory(1);
    for (let i = 0; i < maxRememberedMessages + 5; i++)
      memory.append(key("c"), { subset: "stable" }, said(`${i}`));
    memory.append(key("c"), { subset: "stable" }, said("x".repeat(maxRememberedLength + 1)));
    const messages = memory.find(key("c"))?.messages ?? [];
    expect(messages).toHaveLength(maxRememberedMessages);
    expect(messages[0]?.content).toBe("6");
    expect(messages.at(-1)?.content).toHaveLength(maxRememberedLength);
  });

  test("never mixes conversations whose names run together", () => {
    const memory = createConversationMemory(10);
    memory.append({ tenant: "a", channel: "b:c", conversationId: "d" }, { subset: "stable" }, said("secret"));
    expect(memory.find({ tenant: "a:b", channel: "c", conversationId: "d" })).toBeUndefined();
    expect(memory.find({ tenant: "other", channel: "b:c", conversationId: "d" })).toBeUndefined();
  });

  test("tells users apart whose clients count alike, by what they prove or else say", () => {
    const memory = createConversationMemory(10);
    const owner = { issuer: "i", subject: "ada" };
    memory.append({ ...key("1"), userId: "ada" }, { subset: "stable" }, said("hers"));
    memory.append({ ...key("1"), userId: "ada", owner }, { subset: "stable" }, said("hers, proven"));
    const saidBy = (whose: object): string | undefined =>
      memory.find({ ...key("1"), ...whose })?.messages[0]?.content;
    expect(saidBy({ userId: "ada" })).toBe("hers");
    expect(saidBy({ userId: "anyone", owner })).toBe("hers, proven");
    expect(saidBy({ userId: "bob" })).toBeUndefined();
    expect(saidBy({})).toBeUndefined();
  });
});
