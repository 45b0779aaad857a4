import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ConditionEntry, type ConditionFinding, setConditions } from "./conditions.ts";

const firstMs = Date.UTC(2026, 10, 30, 8);
const laterMs = firstMs + 60_000;
const [first, later] = ["2026-11-30T08:00:00Z", "2026-11-30T08:01:00Z"];

function finding(type: string, status: ConditionFinding["status"], reason = "Because"): ConditionFinding {
  return { type, status, reason, message: `${type} is ${status}`, observedGeneration: 1 };
}

const ready: ConditionEntry = { ...finding("Ready", "True"), lastTransitionTime: first };

describe("conditions", () => {
  it.each([
    {
      name: "a first finding has the time of now",
      earlier: undefined,
      found: finding("Ready", "True"),
      time: later,
    },
    {
      name: "the same status keeps its time",
      earlier: [ready],
      found: finding("Ready", "True"),
      time: first,
    },
    {
      name: "another reason for the same status keeps its time",
      earlier: [ready],
      found: finding("Ready", "True", "Better"),
      time: first,
    },
    {
      name: "another status has the time of now",
      earlier: [ready],
      found: finding("Ready", "False"),
      time: later,
    },
    {
      name: "Unknown is a status like others",
      earlier: [ready],
      found: finding("Ready", "Unknown"),
      time: later,
    },
  ])("$name", ({ earlier, found, time }) => {
    expect(setConditions(earlier, [found], laterMs)).toEqual([{ ...found, lastTransitionTime: time }]);
  });

  it("leaves those of others alone, and keeps the order", () => {
    const foreign: ConditionEntry = { ...finding("Foreign", "True"), lastTransitionTime: first };
    const after = setConditions(
      [foreign, ready],
      [finding("New", "True"), finding("Ready", "False")],
      laterMs,
    );
    expect(after.map(({ type }) => type)).toEqual(["Foreign", "Ready", "New"]);
    expect(after[0]).toBe(foreign);
  });

  it("are the same when the same is found again, however late", () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            type: fc.constantFrom("A", "B", "C"),
            status: fc.constantFrom("True", "False", "Unknown"),
          }),
        ),
        fc.nat(1e9),
        (found, ms) => {
          const findings = found.map(({ type, status }) => finding(type, status));
          const last = new Map(findings.map((each) => [each.type, each]));
          const once = setConditions(undefined, [...last.values()], firstMs);
          expect(setConditions(once, [...last.values()], firstMs + ms)).toEqual(once);
          expect(new Set(once.map(({ type }) => type)).size).toBe(once.length);
        },
      ),
    ));
});
