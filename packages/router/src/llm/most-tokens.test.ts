import { describe, expect, it } from "vitest";
import { choiceFormat, planFormat } from "./answer-format.ts";
import { mostTokens } from "./most-tokens.ts";
import { estimateTokens } from "./token-usage.ts";

describe("S12 the most tokens of a call", () => {
  const request = { system: "Choose.", candidates: [], message: "hello", ids: ["c1"] };

  it("are all of what is asked and the longest answer that is asked for", () => {
    const choice = mostTokens(request, choiceFormat(request));
    expect(choice).toMatchObject({ output: 100, source: "estimated" });
    expect(choice.input).toBeGreaterThan(estimateTokens("Choose.hello"));
    expect(mostTokens(request, planFormat(request)).output).toBe(1000);
  });

  it("grow with all that is sent", () => {
    const base = mostTokens(request, choiceFormat(request)).input;
    const candidates = [{ id: "c1", description: "x".repeat(300), examples: [] }];
    const longer = [
      { ...request, system: "x".repeat(300) },
      { ...request, message: "x".repeat(300) },
      { ...request, candidates },
      { ...request, ids: ["x".repeat(300)] },
    ];
    for (const each of longer) {
      expect(mostTokens(each, choiceFormat(each)).input).toBeGreaterThan(base + 90);
    }
  });
});
