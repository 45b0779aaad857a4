import type { Condition } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { agentOf } from "../testing/objects.ts";
import { isPassedOver, untilPassedOver } from "./readiness.ts";

const since = "2026-01-01T00:00:00Z";
const sinceMs = Date.parse(since);

function condition(type: string, status: Condition["status"]): Condition {
  return { type, status, reason: "R", message: "", lastTransitionTime: since };
}

function agentWith(...conditions: readonly Condition[]) {
  const agent = agentOf("billing", []);
  return { ...agent, status: { ...agent.status, conditions: [...conditions] } };
}

describe("an agent", () => {
  it.each([
    { name: "that nobody reported on", conditions: [], afterMs: 3_600_000, expected: undefined },
    {
      name: "that is ready",
      conditions: [condition("Ready", "True")],
      afterMs: 3_600_000,
      expected: undefined,
    },
    {
      name: "of which it is not known",
      conditions: [condition("Ready", "Unknown")],
      afterMs: 3_600_000,
      expected: undefined,
    },
    {
      name: "that has just stopped being ready",
      conditions: [condition("Ready", "False")],
      afterMs: 0,
      expected: 30_000,
    },
    {
      name: "that stopped being ready a while ago",
      conditions: [condition("Ready", "False")],
      afterMs: 29_999,
      expected: 1,
    },
    {
      name: "that has been away for longer than it may",
      conditions: [condition("Ready", "False")],
      afterMs: 30_000,
      expected: 0,
    },
  ])("$name", ({ conditions, afterMs, expected }) => {
    const agent = agentWith(...conditions);
    expect(untilPassedOver(agent, sinceMs + afterMs)).toBe(expected);
    expect(isPassedOver(agent, sinceMs + afterMs)).toBe(expected === 0);
  });

  it("that flaps is passed over at once, ready or not", () => {
    for (const ready of ["True", "False"] as const) {
      const agent = agentWith(condition("Ready", ready), condition("Flapping", "True"));
      expect(isPassedOver(agent, sinceMs)).toBe(true);
    }
  });

  it("that flapped once and is steady again is not", () => {
    const agent = agentWith(condition("Ready", "True"), condition("Flapping", "False"));
    expect(isPassedOver(agent, sinceMs + 3_600_000)).toBe(false);
  });
});
