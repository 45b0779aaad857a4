import { describe, expect, test } from "vitest";
import {
  createConversationMemory,
  maxRememberedLength,
  maxRememberedMessages,
} from "./conversation-memory.ts";

const key = (conversationId: string) => ({ tenant: "acme", channel: "web", conversationId });
const said = (content: string) => [{ role: "user", content } as const];

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
    });
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
});
