import type { AgentResult } from "@lmos/protocol";
import { describe, expect, it } from "vitest";
import { checkResultSize } from "./result-size.ts";

function resultOf(content: string, more: Partial<AgentResult> = {}): AgentResult {
  const messages = [{ role: "assistant", content, format: "text" }] as const;
  return { type: "MESSAGE", responseTime: 1, messages, context: [], toolCalls: [], ...more };
}

const args = (length: number) => [{ name: "save", arguments: "x".repeat(length) }];

describe("a result fits into a frame", () => {
  it.each([
    { name: "with a short text", result: resultOf("hello") },
    { name: "with the longest text", result: resultOf("x".repeat(64 * 1024)) },
    { name: "with the longest text, in three bytes a character", result: resultOf("語".repeat(64 * 1024)) },
    {
      name: "with all that may be added to it",
      result: resultOf("x".repeat(64 * 1024), {
        context: [{ key: "k", value: "x".repeat(16 * 1024) }],
        toolCalls: args(64 * 1024),
      }),
    },
  ])("$name", ({ result }) => {
    expect(checkResultSize(result)).toBe(result);
  });
});

describe("a result does not, and says so,", () => {
  it.each([
    {
      name: "with a long text in three bytes a character and much for its tools",
      result: resultOf("語".repeat(64 * 1024), { toolCalls: args(64 * 1024) }),
    },
    { name: "with signs that JSON writes as six", result: resultOf("\u0001".repeat(64 * 1024)) },
  ])("$name", ({ result }) => {
    expect(() => checkResultSize(result)).toThrow(/^the answer takes \d{6} bytes with its context/);
  });
});
