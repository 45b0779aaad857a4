import { SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toUnitLength } from "../unit-length.ts";
import { areOfSameModel, fingerprintOf, probeText } from "./probe.ts";

const unit = (...numbers: readonly number[]): Float32Array => toUnitLength(Float32Array.from(numbers));
const atAngle = (angle: number): Float32Array => unit(Math.cos(angle), Math.sin(angle));

describe("two vectors of the probe are of one model", () => {
  it.each([
    { name: "the same", a: unit(1, 2, 3), b: unit(1, 2, 3), same: true },
    { name: "rounded to half precision", a: unit(1, 2, 3), b: unit(1.0005, 1.999, 3.001), same: true },
    { name: "of a quantised network, in a batch and alone", a: atAngle(0), b: atAngle(0.135), same: true },
    { name: "a cosine of 0.96 apart", a: atAngle(0), b: atAngle(0.28), same: true },
    { name: "a cosine of 0.94 apart", a: atAngle(0), b: atAngle(0.35), same: false },
    { name: "opposite", a: atAngle(0), b: atAngle(Math.PI), same: false },
    { name: "the numbers in another order", a: unit(1, 2, 3), b: unit(3, 2, 1), same: false },
    { name: "of another length", a: unit(1, 0), b: unit(1, 0, 0), same: false },
    { name: "both of zeros", a: unit(0, 0), b: unit(0, 0), same: true },
    { name: "one of zeros", a: unit(0, 0), b: unit(1, 0), same: false },
  ])("$name: $same", ({ a, b, same }) => {
    expect([areOfSameModel(a, b), areOfSameModel(b, a)]).toEqual([same, same]);
  });

  it("whatever it is, as long as it is the same", () => {
    const numbers = fc.float32Array({ minLength: 1, noNaN: true, noDefaultInfinity: true, min: -1, max: 1 });
    fc.assert(fc.property(numbers, (vector) => areOfSameModel(toUnitLength(vector), vector)));
  });

  it("by chance never: of a thousand pairs of 256 random numbers none", () => {
    const random = new SeededRandom(1);
    const vector = () => unit(...Array.from({ length: 256 }, () => random.next() - 0.5));
    const pairs = Array.from({ length: 1000 }, () => areOfSameModel(vector(), vector()));
    expect(pairs.filter((same) => same)).toEqual([]);
  });
});

describe("a fingerprint", () => {
  it("is twelve digits, the same for the same numbers, whatever buffer they are in", () => {
    const [, ...numbers] = new Float32Array([9, 1, 2, 3]);
    const view = new Float32Array(new Float32Array([9, 1, 2, 3]).buffer, 4);
    expect(fingerprintOf(view)).toMatch(/^[0-9a-f]{12}$/);
    expect(fingerprintOf(view)).toBe(fingerprintOf(Float32Array.from(numbers)));
  });

  it("tells vectors apart", () => {
    expect(fingerprintOf(unit(1, 2))).not.toBe(fingerprintOf(unit(2, 1)));
  });
});

it("the probe is short, as it is paid for with every request", () => {
  expect(probeText.length).toBeLessThan(40);
});
