import { describe, expect, it } from "vitest";
import { findCycle } from "./cycles.ts";
import { parseFloors } from "./floors.ts";

describe("parseFloors", () => {
  it("reads floors, the sideways arrow and what stands beside", () => {
    const { floorOf, sideways, beside } = parseFloors(
      "F1  a  b ← c   words\nF0  d\nside  testing   dev only\nF is prose",
    );
    expect([...floorOf]).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 1],
      ["d", 0],
    ]);
    expect([...sideways]).toEqual(["c → b"]);
    expect([...beside]).toEqual(["testing"]);
  });
});

describe("findCycle", () => {
  it.each([
    { name: "none in a chain", edges: { a: ["b"], b: ["c"], c: [] }, cycle: [] },
    { name: "none in a diamond", edges: { a: ["b", "c"], b: ["d"], c: ["d"], d: [] }, cycle: [] },
    { name: "one behind a chain", edges: { a: ["b"], b: ["c"], c: ["b"] }, cycle: ["b", "c", "b"] },
    { name: "a file that imports itself", edges: { a: ["a"] }, cycle: ["a", "a"] },
  ])("$name", ({ edges, cycle }) => {
    expect(findCycle(new Map(Object.entries(edges)))).toEqual(cycle);
  });
});
