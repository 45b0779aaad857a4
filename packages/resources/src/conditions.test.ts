import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, conditionOf, type DecidedCondition, transition } from "./conditions.ts";

const earlier = "2026-01-01T00:00:00Z";
const now = "2026-02-01T00:00:00Z";

function condition(type: string, status: Condition["status"]): Condition {
  return { type, status, reason: "Any", message: "", lastTransitionTime: earlier };
}

function decided(type: string, status: Condition["status"], message = ""): DecidedCondition {
  return { type, status, reason: "Any", message };
}

describe("transition", () => {
  it.each([
    { name: "new", before: undefined, after: "True", expected: now },
    { name: "the same", before: "True", after: "True", expected: earlier },
    { name: "the other way round", before: "True", after: "False", expected: now },
    { name: "no longer known", before: "False", after: "Unknown", expected: now },
  ] as const)("dates a condition that is $name", ({ before, after, expected }) => {
    const stored = before === undefined ? undefined : [condition("Ready", before)];
    expect(transition(stored, [decided("Ready", after)], now)[0]?.lastTransitionTime).toBe(expected);
  });

  it("keeps the time where only reason and message change", () => {
    const [after] = transition(
      [condition("Ready", "False")],
      [{ type: "Ready", status: "False", reason: "Other", message: "other words" }],
      now,
    );
    expect(after).toEqual({
      type: "Ready",
      status: "False",
      reason: "Other",
      message: "other words",
      lastTransitionTime: earlier,
    });
  });

  it("drops conditions that were not decided, and keeps the order of those that were", () => {
    const after = transition(
      [condition("Gone", "True"), condition("B", "True")],
      [decided("B", "True"), decided("A", "True")],
      now,
    );
    expect(after.map(({ type }) => type)).toEqual(["B", "A"]);
  });

  it("looks at the condition of its own type only", () => {
    const after = transition([condition("Resolved", "True")], [decided("Ready", "True")], now);
    expect(after[0]?.lastTransitionTime).toBe(now);
  });

  it.each([
    { name: "as long as it may be", message: "x".repeat(32_768), length: 32_768 },
    { name: "longer", message: "x".repeat(40_000), length: 32_768 },
  ])("cuts a message that is $name", ({ message, length }) => {
    expect(transition(undefined, [decided("A", "True", message)], now)[0]?.message).toHaveLength(length);
  });

  it("writes what a server stores as it stands: no half characters", () => {
    const message = `${"x".repeat(32_767)}😀`;
    const [after] = transition(undefined, [decided("A", "True", message)], now);
    expect(after?.message.isWellFormed()).toBe(true);
    expect(after?.message).toHaveLength(32_768);
  });

  it("changes nothing the second time", () => {
    const one = fc.record({
      type: fc.constantFrom("A", "B", "C"),
      status: fc.constantFrom("True", "False", "Unknown"),
      reason: fc.constantFrom("One", "Two"),
      message: fc.string({ unit: "binary", maxLength: 20 }),
    } as const);
    const all = fc.uniqueArray(one, { selector: ({ type }) => type });
    fc.assert(
      fc.property(all, all, (before, after) => {
        const first = transition(transition(undefined, before, earlier), after, now);
        expect(transition(first, after, "2027-01-01T00:00:00Z")).toEqual(first);
      }),
    );
  });
});

describe("conditionOf", () => {
  it.each([
    { name: "no conditions", conditions: undefined, expected: undefined },
    { name: "none of the type", conditions: [condition("A", "True")], expected: undefined },
    {
      name: "one of the type",
      conditions: [condition("A", "True"), condition("Ready", "False")],
      expected: "False",
    },
  ] as const)("$name", ({ conditions, expected }) => {
    expect(conditionOf(conditions, "Ready")?.status).toBe(expected);
  });
});
