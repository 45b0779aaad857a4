import { SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { judgeExamples } from "./judge-examples.ts";
import type { CapabilityExample, RankedCapability } from "./model.ts";
import { runSteps } from "./steps.ts";

const dimension = 24;

/** Every word has a direction of its own, a text is their sum. */
function example(text: string, synthetic = false): CapabilityExample {
  const sum = new Float32Array(dimension);
  for (const word of text.split(" ")) {
    const random = new SeededRandom([...word].reduce((seed, letter) => seed * 31 + letter.charCodeAt(0), 7));
    for (let i = 0; i < dimension; i++) sum[i] = (sum[i] ?? 0) + random.next() - 0.5;
  }
  const norm = Math.hypot(...sum) || 1;
  return { text, vector: sum.map((value) => value / norm), synthetic };
}

const capability = (
  agent: string,
  id: string,
  ...examples: readonly CapabilityExample[]
): RankedCapability => ({
  agent,
  id,
  examples,
});
const about = (word: string, ...others: readonly string[]) =>
  others.map((other) => example(`${word} ${word} ${other}`));
const bills = about("bill", "show", "explain", "high", "again", "march", "fee", "copy", "wrong");
const wifi = about("wifi", "slow", "down", "today", "often", "password", "upstairs", "red", "lost");

describe("judgeExamples", () => {
  it("leaves examples where they belong, when they resemble the others", () => {
    const judged = runSteps(
      judgeExamples([capability("a", "bill", ...bills), capability("b", "wifi", ...wifi)]),
    );
    expect(judged).toHaveLength(16);
    for (const { agent, best } of judged) expect(best.agent).toBe(agent);
  });

  it("finds the one that would go elsewhere", () => {
    const stray = example("wifi wifi slow down");
    const judged = runSteps(
      judgeExamples([capability("a", "bill", ...bills, stray), capability("b", "wifi", ...wifi)]),
    );
    const elsewhere = judged.filter(({ agent, best }) => best.agent !== agent);
    expect(elsewhere.map(({ text }) => text)).toEqual(["wifi wifi slow down"]);
    expect(elsewhere[0]?.best).toMatchObject({ agent: "b", capability: "wifi" });
  });

  it("judges descriptions too, and says which they are", () => {
    const judged = runSteps(
      judgeExamples([
        capability("a", "bill", ...bills, example("all about your bill", true)),
        capability("b", "wifi", ...wifi, example("all about your bill and wifi", true)),
      ]),
    );
    expect(judged.filter(({ synthetic }) => synthetic)).toHaveLength(2);
  });

  it.each([
    { name: "an empty catalogue", capabilities: [] },
    { name: "capabilities without examples", capabilities: [capability("a", "x")] },
    {
      name: "capabilities of one example each",
      capabilities: [capability("a", "x", example("one")), capability("b", "y", example("two"))],
    },
  ])("has nothing to judge in $name", ({ capabilities }) => {
    expect(runSteps(judgeExamples(capabilities))).toEqual([]);
  });

  it("judges at most two thousand examples of a large catalogue, some of every capability", () => {
    const many = Array.from({ length: 30 }, (_, c) =>
      capability(
        "a",
        `c${c}`,
        ...Array.from({ length: 80 }, (_example, i) => example(`thing ${c} way ${i}`)),
      ),
    );
    const judged = runSteps(judgeExamples(many));
    expect(judged.length).toBeLessThanOrEqual(2000);
    expect(new Set(judged.map(({ capability: own }) => own)).size).toBe(30);
  });
});
