import type { RoutingDecision } from "@lmos/router";
import { describe, expect, test } from "vitest";
import { findParts } from "./find-parts.ts";

/** Decides by the first word of a text: which agent, and how sure. */
function scripted(decisions: Readonly<Record<string, readonly [agent: string, confidence: number]>>) {
  return async (text: string): Promise<RoutingDecision | undefined> => {
    const [agent, confidence] = decisions[text.split(" ")[0] ?? ""] ?? [];
    const explanation = {
      stage: "vector",
      margin: 1,
      marginThreshold: 0,
      energy: 1,
      energyThreshold: 0,
      coverage: 1,
      coverageThreshold: 0.5,
      matchedExamples: [],
    } as const;
    if (agent === undefined || confidence === undefined) {
      return { decision: "none", confidence: 0, alternatives: [], explanation };
    }
    return { decision: "accept", agent, capability: "c", confidence, alternatives: [], explanation };
  };
}

const message = "invoice is wrong again. weather in Berlin tomorrow?";

describe("a message is divided", () => {
  test("where each part is clear and for another agent", async () => {
    const classify = scripted({ invoice: ["billing", 0.99], weather: ["weather", 0.97] });
    const parts = await findParts(message, classify);
    expect(parts?.map(({ agent, text }) => [agent, text])).toEqual([
      ["billing", "invoice is wrong again."],
      ["weather", "weather in Berlin tomorrow?"],
    ]);
  });

  test.each([
    {
      name: "where one part is not certain",
      decisions: { invoice: ["billing", 0.99], weather: ["weather", 0.9] },
    },
    {
      name: "where all of it is for one agent",
      decisions: { invoice: ["billing", 0.99], weather: ["billing", 0.99] },
    },
    { name: "where it begins with what is for nobody", decisions: { weather: ["weather", 0.99] } },
  ] as const)("not $name", async ({ decisions }) => {
    expect(await findParts(message, scripted(decisions))).toBeUndefined();
  });
});
