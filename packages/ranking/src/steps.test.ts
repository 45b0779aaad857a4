import { describe, expect, it } from "vitest";
import { mapInSteps, runSteps } from "./steps.ts";

describe("mapInSteps", () => {
  it("maps in order", () => {
    expect(runSteps(mapInSteps([1, 2, 3], 10_000_000, (n) => n * n))).toEqual([1, 4, 9]);
  });

  it.each([
    { name: "after every dear item", cost: 10_000_000, pauses: 4 },
    { name: "seldom for cheap ones", cost: 1_000_000, pauses: 2 },
    { name: "never for little work", cost: 1, pauses: 0 },
  ])("pauses $name", ({ cost, pauses }) => {
    const pieces = [...mapInSteps([1, 2, 3, 4], cost, (n) => n)];
    expect(pieces).toHaveLength(pauses);
  });
});
