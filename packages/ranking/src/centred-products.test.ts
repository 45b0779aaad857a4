import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CentredProducts } from "./centred-products.ts";
import { layOutClasses } from "./classes.ts";
import { centreVector } from "./dense.ts";
import type { QuerySpace } from "./query-space.ts";
import { createScoreSpace } from "./score-space.ts";
import { runSteps } from "./steps.ts";
import { dotRows, toUnit } from "./vector.ts";

const dimension = 12;
const number = fc.float({ min: -1, max: 1, noNaN: true });
const anyVector = fc
  .array(number, { minLength: dimension, maxLength: dimension })
  .map((values) => Float32Array.from(values));
const unitVector = anyVector.map(toUnit);

function spaceOf(vectors: readonly Float32Array[]): QuerySpace {
  const capabilities = vectors.map((vector, i) => ({
    agent: `a${i % 3}`,
    id: `${i % 5}`,
    examples: [{ text: `${i}`, vector, synthetic: false }],
  }));
  return runSteps(createScoreSpace(layOutClasses(capabilities))).space;
}

const anySpace = fc.array(unitVector, { minLength: 1, maxLength: 20 }).map(spaceOf);

/** The plain way: the vector is centred, and multiplied row by row. */
function plainly({ dense, lda }: QuerySpace, vector: Float32Array) {
  const centred = centreVector(dense, vector);
  return { dense: dotRows(dense.vectors, centred), directions: dotRows(lda.directions, centred) };
}

function written(space: QuerySpace, vector: Float32Array, products = new CentredProducts(space)) {
  const dense = new Float32Array(space.dense.vectors.length).fill(7);
  const directions = new Float32Array(space.lda.directions.length).fill(7);
  products.write(vector, { dense, directions });
  return { dense, directions };
}

function expectAlike(space: QuerySpace, vector: Float32Array): void {
  const [fast, plain] = [written(space, vector), plainly(space, vector)];
  for (const name of ["dense", "directions"] as const) {
    expect(fast[name]).toHaveLength(plain[name].length);
    const tolerance = 1e-4 * (1 + Math.max(...plain[name].map(Math.abs)));
    for (const [i, product] of fast[name].entries()) {
      expect(Math.abs(product - (plain[name][i] ?? Number.NaN))).toBeLessThan(tolerance);
    }
  }
}

describe("products of a centred vector", () => {
  it("are those of the plain way, whatever the vector's length", () => {
    fc.assert(fc.property(anySpace, anyVector, (space, vector) => expectAlike(space, vector)));
  });

  it.each([
    { name: "of zeros", of: () => new Float32Array(dimension) },
    { name: "that is the middle itself", of: (space: QuerySpace) => space.dense.middle.slice() },
    { name: "that is nearly the middle", of: (space: QuerySpace) => space.dense.middle.map((x) => x + 1e-6) },
    { name: "that is an example", of: (space: QuerySpace) => space.dense.vectors[0]?.slice() },
    { name: "that is short", of: () => new Float32Array(dimension).fill(1e-20) },
    { name: "that is long", of: () => new Float32Array(dimension).fill(1e20) },
  ])("$name are, too", ({ of }) => {
    fc.assert(
      fc.property(anySpace, (space) => {
        expectAlike(space, of(space) ?? new Float32Array(dimension));
      }),
      { numRuns: 20 },
    );
  });

  it("depend on no vector before", () => {
    const space = spaceOf([Float32Array.of(1, ...new Array<number>(dimension - 1).fill(0))]);
    const products = new CentredProducts(space);
    fc.assert(
      fc.property(fc.array(anyVector), anyVector, (before, vector) => {
        for (const each of before) written(space, each, products);
        expect(written(space, vector, products)).toEqual(written(space, vector));
      }),
    );
  });

  it("are had in the plain way where the rows are too many", () => {
    const many = 5000;
    const row = (i: number): Float32Array =>
      toUnit(Float32Array.from({ length: 400 }, (_, d) => Math.sin(i + d)));
    const vectors = Array.from({ length: many }, (_, i) => row(i));
    const space = {
      dense: { dimension: 400, middle: row(7).map((x) => x / 2), vectors, sumNorms: new Float64Array() },
      lda: { directions: [row(1)], offsets: new Float64Array(1) },
    };
    const dense = new Float32Array(many);
    const directions = new Float32Array(1);
    new CentredProducts(space).write(row(3), { dense, directions });
    const centred = centreVector(space.dense, row(3));
    expect(dense).toEqual(dotRows(vectors, centred));
    expect(directions).toEqual(dotRows(space.lda.directions, centred));
  });

  it.each([
    { name: "is not finite", vector: new Float32Array(dimension).fill(Number.NaN), code: "InvalidVector" },
    { name: "has another length", vector: new Float32Array(dimension + 1), code: "DimensionMismatch" },
  ])("are not had of a vector that $name", ({ vector, code }) => {
    const space = spaceOf([new Float32Array(dimension).fill(0.1)]);
    expect(() => written(space, vector)).toThrow(expect.objectContaining({ code }));
  });
});
