import { describe, expect, it } from "vitest";
import { chatCompletionRequestSchema, conversationOf } from "./chat-completions.ts";

const read = (...messages: readonly (readonly [role: string, content: string])[]) =>
  conversationOf(
    chatCompletionRequestSchema.parse({ messages: messages.map(([role, content]) => ({ role, content })) }),
  );

describe("conversationOf", () => {
  it.each([
    {
      name: "the last user message, and what was said before",
      given: read(["system", "s"], ["user", "one"], ["assistant", "two"], ["user", "three"]),
      expected: {
        instructions: "s",
        message: "three",
        history: [
          { role: "user", content: "one" },
          { role: "assistant", content: "two" },
        ],
      },
    },
    {
      name: "all instructions, before and behind",
      given: read(["system", "first"], ["user", "one"], ["developer", "last"]),
      expected: { instructions: "first\n\nlast", message: "one", history: [] },
    },
    {
      name: "no answer behind the last user message",
      given: read(["user", "one"], ["assistant", "two"]),
      expected: { instructions: "", message: "one", history: [] },
    },
    {
      name: "nothing where no user spoke",
      given: read(["system", "s"], ["assistant", "a"]),
      expected: undefined,
    },
  ])("reads $name", ({ given, expected }) => {
    expect(given).toEqual(expected);
  });
});
