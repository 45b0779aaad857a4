import { SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addOuterProduct, choleskyFactor, lowerTriangle, solveLower } from "./cholesky.ts";
import { type ClassLayout, layOutClasses } from "./classes.ts";
import { createDenseSpace, type DenseSpace } from "./dense.ts";
import { createLdaSpace, type LdaSpace, withOffsets } from "./lda.ts";
import type { RankedCapability } from "./model.ts";
import { runSteps } from "./steps.ts";
import { dotRows } from "./vector.ts";

const dimension = 5;

interface Spaces {
  readonly layout: ClassLayout;
  readonly dense: DenseSpace;
  readonly lda: LdaSpace;
}

function spacesOf(sizes: readonly number[], seed = 3): Spaces {
  const random = new SeededRandom(seed);
  const number = (): number => random.next() - 0.5;
  const capabilities = sizes.map((size, i): RankedCapability => {
    const centre = Array.from({ length: dimension }, number);
    const examples = Array.from({ length: size }, (_, j) => ({
      text: `${i} ${j}`,
      synthetic: false,
      vector: Float32Array.from(centre, (value) => value + 0.4 * number()),
    }));
    return { agent: `a${i}`, id: "c", examples };
  });
  const layout = layOutClasses(capabilities);
  const dense = runSteps(createDenseSpace(layout));
  return { layout, dense, lda: runSteps(createLdaSpace(layout, dense)) };
}

/** xᵀP m − ½ mᵀP m with P the inverse of 0.7 S_w + 0.3 (tr S_w / d) I, by the book. */
function scoresByTheBook({ layout, dense }: Spaces, query: Float32Array): readonly number[] {
  const means = layout.classes.map(({ start, end }) =>
    Array.from({ length: dimension }, (_, k) => {
      const own = dense.vectors.slice(start, end);
      return own.reduce((sum, vector) => sum + (vector[k] ?? 0), 0) / own.length;
    }),
  );
  const degrees = Math.max(dense.vectors.length - layout.classes.length, 1);
  const covariance = lowerTriangle(dimension);
  for (const [i, vector] of dense.vectors.entries()) {
    const mean = means[layout.classOf[i] ?? 0] ?? [];
    addOuterProduct(
      covariance,
      vector.map((value, k) => value - (mean[k] ?? 0)),
      1 / degrees,
    );
  }
  const trace = covariance.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const shrunk = covariance.map((row, i) =>
    row.map((value, k) => 0.7 * value + (i === k ? (0.3 * trace) / dimension : 0)),
  );
  const factor = choleskyFactor(shrunk);
  const whitened = (vector: ArrayLike<number>): Float64Array => solveLower(factor, vector);
  const product = (left: Float64Array, right: Float64Array): number =>
    left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0);
  const x = whitened(query);
  return means.map((mean) => product(x, whitened(mean)) - 0.5 * product(whitened(mean), whitened(mean)));
}

function scoresBy({ directions, offsets }: LdaSpace, query: Float32Array): Float64Array {
  return withOffsets(dotRows(directions, query), offsets);
}

describe("withOffsets", () => {
  it.each([
    { name: "several classes", sizes: [4, 3, 5] },
    { name: "a class of one example", sizes: [1, 6] },
    { name: "one class", sizes: [5] },
    { name: "more classes than dimensions", sizes: [2, 2, 2, 2, 2, 2, 2] },
  ])("are those of the definition for $name", ({ sizes }) => {
    const spaces = spacesOf(sizes);
    for (const query of spaces.dense.vectors) {
      const expected = scoresByTheBook(spaces, query);
      for (const [i, score] of scoresBy(spaces.lda, query).entries()) {
        expect(score).toBeCloseTo(expected[i] ?? Number.NaN, 3);
      }
    }
  });

  it("are highest for the class of an example's own place, where classes lie apart", () => {
    const { lda, layout } = spacesOf([6, 6, 6], 9);
    for (const [own, mean] of lda.means.entries()) {
      const scores = [...scoresBy(lda, mean)];
      expect(scores.indexOf(Math.max(...scores))).toBe(own);
    }
    expect(lda.means).toHaveLength(layout.classes.length);
  });

  it("are the distance of the message from every class, but for what they have in common", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 5 }), (seed, size) => {
        const { lda, dense } = spacesOf([size, size + 1], seed);
        const [query = new Float32Array(dimension)] = dense.vectors;
        const [first = 0, second = 0] = scoresBy(lda, query);
        const x = solveLower(lda.factor, query);
        const distance = (mean: Float32Array | undefined): number =>
          x.reduce((sum, value, i) => sum + (value - (mean?.[i] ?? 0)) ** 2, 0);
        const [toFirst, toSecond] = lda.whitenedMeans.map(distance);
        expect(first - second).toBeCloseTo(((toSecond ?? 0) - (toFirst ?? 0)) / 2, 2);
      }),
    );
  });
});

describe("createLdaSpace", () => {
  it("takes the unit matrix where no class has two different examples", () => {
    const { lda } = spacesOf([1, 1, 1]);
    for (const [i, row] of lda.factor.entries()) {
      expect([...row]).toEqual(Array.from({ length: i + 1 }, (_, k) => (k === i ? 1 : 0)));
    }
  });

  it("keeps the covariance of a known space, and works out new classes by it", () => {
    const known = spacesOf([4, 4]);
    const after = spacesOf([4, 4, 3]);
    const adapted = runSteps(createLdaSpace(after.layout, after.dense, known.lda));
    expect(adapted.factor).toBe(known.lda.factor);
    expect(adapted.means).toHaveLength(3);
    expect(adapted.directions.every((direction) => direction.every(Number.isFinite))).toBe(true);
  });

  it("gives the same for a catalogue that it knows", () => {
    const { layout, dense, lda } = spacesOf([3, 4]);
    expect(runSteps(createLdaSpace(layout, dense, lda))).toEqual(lda);
  });
});
