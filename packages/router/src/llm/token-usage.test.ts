import { describe, expect, it } from "vitest";
import { estimateTokens, reportedUsage, totalTokens } from "./token-usage.ts";

describe("S12 tokens that a service reports", () => {
  it.each([
    { name: "both", input: 120, output: 9 },
    { name: "no answer", input: 120, output: 0 },
    { name: "an answer to nothing that was read", input: 0, output: 9 },
  ])("count: $name", ({ input, output }) => {
    expect(reportedUsage(input, output)).toEqual({ input, output, source: "reported" });
  });

  it.each<{ name: string; input: unknown; output: unknown }>([
    { name: "nothing", input: undefined, output: undefined },
    { name: "one of two", input: 120, output: undefined },
    { name: "null", input: null, output: null },
    { name: "none used at all, as servers say that do not count", input: 0, output: 0 },
    { name: "less than nothing", input: -120, output: 9 },
    { name: "a part of a token", input: 1.5, output: 9 },
    { name: "no number", input: Number.NaN, output: 9 },
    { name: "no end", input: Number.POSITIVE_INFINITY, output: 9 },
    { name: "more than can be counted", input: 1e300, output: 9 },
    { name: "text", input: "120", output: "9" },
    { name: "an object", input: {}, output: [] },
  ])("do not count where they are no counts: $name", ({ input, output }) => {
    expect(reportedUsage(input, output)).toBeUndefined();
  });
});

describe("S12 tokens that are estimated", () => {
  it.each([
    { text: "", tokens: 0 },
    { text: "a", tokens: 1 },
    { text: "where is my order", tokens: 6 },
    { text: "äöü", tokens: 2 },
    { text: "我的订单在哪里", tokens: 7 },
    { text: "🙂", tokens: 2 },
    { text: "x".repeat(3000), tokens: 1000 },
  ])("are one for each three bytes: “$text”", ({ text, tokens }) => {
    expect(estimateTokens(text)).toBe(tokens);
  });
});

it("tokens of a call are those of both directions", () => {
  expect(totalTokens({ input: 200, output: 10, source: "reported" })).toBe(210);
});
