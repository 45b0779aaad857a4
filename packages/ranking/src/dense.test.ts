import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import { centreVector, createDenseSpace } from "./dense.ts";
import { runSteps } from "./steps.ts";
import { dot } from "./vector.ts";

const dimension = 6;
const values = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), {
  minLength: dimension,
  maxLength: dimension,
});
const catalogue = fc.array(fc.array(values, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });

function layoutOf(classes: readonly (readonly (readonly number[])[])[]) {
  return layOutClasses(
    classes.map((own, i) => ({
      agent: "a",
      id: `${i}`,
      examples: own.map((each, j) => ({
        text: `${i}/${j}`,
        vector: Float32Array.from(each),
        synthetic: false,
      })),
    })),
  );
}

describe("createDenseSpace", () => {
  it("moves vectors to their common centre, each to length 1 or 0", () => {
    fc.assert(
      fc.property(catalogue, (classes) => {
        const space = runSteps(createDenseSpace(layoutOf(classes)));
        for (const vector of space.vectors) {
          const squared = dot(vector, vector);
          expect(Math.min(Math.abs(squared - 1), squared)).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it("has all rows in one piece of memory, but for those that it takes over", () => {
    const layout = layoutOf([[[1, 0, 0, 0, 0, 0]], [[0, 1, 0, 0, 0, 0]]]);
    const space = runSteps(createDenseSpace(layout));
    expect(new Set(space.vectors.map(({ buffer }) => buffer)).size).toBe(1);
    const [first] = layout.examples;
    const later = layoutOf([[[0, 0, 1, 0, 0, 0]]]);
    const examples = [...(first === undefined ? [] : [first]), ...later.examples];
    const grown = runSteps(createDenseSpace({ ...layout, examples }, space));
    expect(grown.vectors[0]).toBe(space.vectors[0]);
    expect(grown.vectors[1]?.buffer.byteLength).toBe(4 * dimension);
  });

  it("treats a query as it treats its examples", () => {
    fc.assert(
      fc.property(catalogue, (classes) => {
        const layout = layoutOf(classes);
        const space = runSteps(createDenseSpace(layout));
        for (const [i, { vector }] of layout.examples.entries()) {
          expect([...centreVector(space, vector)]).toEqual([...(space.vectors[i] ?? [])]);
          expect(space.centredOf.get(vector)).toBe(space.vectors[i]);
        }
      }),
    );
  });

  it("knows the sum of every class, and its length", () => {
    fc.assert(
      fc.property(catalogue, (classes) => {
        const layout = layoutOf(classes);
        const { vectors, sums, sumNorms } = runSteps(createDenseSpace(layout));
        for (const [i, { start, end }] of layout.classes.entries()) {
          const sum = Array.from({ length: dimension }, (_, d) =>
            vectors.slice(start, end).reduce((total, vector) => total + (vector[d] ?? 0), 0),
          );
          for (const [d, total] of sum.entries()) expect(sums[i]?.[d]).toBeCloseTo(total, 4);
          expect(sumNorms[i]).toBeCloseTo(Math.hypot(...sum), 4);
        }
      }),
    );
  });

  it("takes over the middle and the vectors of a space that it is told of", () => {
    fc.assert(
      fc.property(catalogue, values, (classes, added) => {
        const before = layoutOf(classes);
        const known = runSteps(createDenseSpace(before));
        const capabilities = before.classes.map(({ capability, start, end }) => ({
          agent: "a",
          id: capability,
          examples: before.examples.slice(start, end),
        }));
        const example = { text: "new", vector: Float32Array.from(added), synthetic: false };
        const after = layOutClasses([...capabilities, { agent: "z", id: "z", examples: [example] }]);
        const space = runSteps(createDenseSpace(after, known));
        expect(space.middle).toBe(known.middle);
        for (const [i, vector] of known.vectors.entries()) expect(space.vectors[i]).toBe(vector);
        expect([...(space.vectors.at(-1) ?? [])]).toEqual([...centreVector(known, example.vector)]);
      }),
    );
  });

  it.each([
    { name: "NaN", vector: new Float32Array(dimension).fill(Number.NaN), code: "InvalidVector" },
    {
      name: "infinity",
      vector: new Float32Array(dimension).fill(Number.NEGATIVE_INFINITY),
      code: "InvalidVector",
    },
    { name: "too few numbers", vector: new Float32Array(dimension - 1), code: "DimensionMismatch" },
    { name: "too many", vector: new Float32Array(dimension + 1), code: "DimensionMismatch" },
    { name: "none", vector: new Float32Array(), code: "DimensionMismatch" },
  ])("refuses a vector with $name", ({ vector, code }) => {
    const layout = layoutOf([[[1, 0, 0, 0, 0, 0]]]);
    const space = runSteps(createDenseSpace(layout));
    expect(() => centreVector(space, vector)).toThrow(
      expect.objectContaining({ name: "RankingError", code }),
    );
  });

  const large = 3.4e38;
  it.each([
    { name: "one NaN among others", vector: [1, 0, Number.NaN, 0, 0, 0], isRefused: true },
    {
      name: "both infinities",
      vector: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0, 0],
      isRefused: true,
    },
    {
      name: "the largest numbers that there are",
      vector: [large, -large, large, large, 0, 1],
      isRefused: false,
    },
    { name: "the smallest ones", vector: [1e-45, 0, 0, 0, 0, -1e-45], isRefused: false },
    { name: "zeros", vector: [0, 0, 0, -0, 0, 0], isRefused: false },
  ])("with $name is refused: $isRefused", ({ vector, isRefused }) => {
    const space = runSteps(createDenseSpace(layoutOf([[[1, 0, 0, 0, 0, 0]]])));
    const centre = (): unknown => centreVector(space, Float32Array.from(vector));
    if (isRefused) expect(centre).toThrow(expect.objectContaining({ code: "InvalidVector" }));
    else expect(centre).not.toThrow();
  });
});
