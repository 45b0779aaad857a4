import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toUnitLength } from "./unit-length.ts";

describe("toUnitLength", () => {
  it("brings vectors of any length to length 1 where they point", () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, (values) => {
        const length = Math.hypot(...values);
        fc.pre(length > 0);
        const vector = Float32Array.from(values);
        expect(toUnitLength(vector)).toBe(vector);
        for (const [i, value] of vector.entries()) expect(value).toBeCloseTo((values[i] ?? 0) / length, 6);
      }),
    );
  });

  it.each([0, 1, 4, 7])("leaves %i zeros as they are", (count) => {
    expect([...toUnitLength(new Float32Array(count))]).toEqual(new Array<number>(count).fill(0));
  });
});
