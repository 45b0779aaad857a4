import { SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { addOuterProduct, choleskyFactor, lowerTriangle, solveLower } from "./cholesky.ts";
import { layOutClasses } from "./classes.ts";
import { createDenseSpace } from "./dense.ts";
import { createLdaSpace, ldaScoresLeftOut } from "./lda.ts";
import type { RankedCapability } from "./model.ts";
import { blendSimilarities, blendWithoutSelf } from "./similarity.ts";
import { runSteps } from "./steps.ts";
import { dotRows } from "./vector.ts";

const dimension = 6;
const random = new SeededRandom(11);

function capability(id: string, size: number): RankedCapability {
  const centre = Array.from({ length: dimension }, () => random.next() - 0.5);
  const examples = Array.from({ length: size }, (_, i) => ({
    text: `${id} ${i}`,
    synthetic: false,
    vector: Float32Array.from(centre, (value) => value + 0.3 * (random.next() - 0.5)),
  }));
  return { agent: id, id, examples };
}

const layout = layOutClasses([capability("a", 4), capability("b", 3), capability("c", 5)]);
const dense = runSteps(createDenseSpace(layout));
const { vectors, sumNorms } = dense;

function meanOf(members: readonly Float32Array[]): Float64Array {
  const mean = new Float64Array(dimension);
  for (const member of members)
    for (let i = 0; i < dimension; i++) mean[i] = (mean[i] ?? 0) + (member[i] ?? 0);
  return mean.map((value) => value / members.length);
}

/** The definition, step by step: the covariance without the example (ridge and degrees of freedom kept), inverted. */
function ldaWithout(self: number): readonly number[] {
  const members = layout.classes.map(({ start, end }) => vectors.slice(start, end));
  const means = members.map(meanOf);
  const degrees = vectors.length - layout.classes.length;
  const scatter = lowerTriangle(dimension);
  for (const [i, vector] of vectors.entries()) {
    const mean = means[layout.classOf[i] ?? 0];
    const residual = vector.map((value, j) => value - (mean?.[j] ?? 0));
    addOuterProduct(scatter, residual, 1 / degrees);
  }
  const trace = scatter.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const matrix = scatter.map((row, i) =>
    row.map((value, j) => 0.7 * value + (i === j ? (0.3 * trace) / dimension : 0)),
  );
  const own = layout.classOf[self] ?? 0;
  const size = members[own]?.length ?? 0;
  const example = vectors[self] ?? new Float32Array(dimension);
  const residual = example.map((value, j) => value - (means[own]?.[j] ?? 0));
  addOuterProduct(matrix, residual, (-0.7 * size) / ((size - 1) * degrees));
  const factor = choleskyFactor(matrix);
  const white = solveLower(factor, example);
  return means.map((_, index) => {
    const kept = members[index]?.filter((member) => member !== example) ?? [];
    const mean = solveLower(factor, meanOf(kept));
    return mean.reduce((sum, value, i) => sum + value * (white[i] ?? 0) - 0.5 * value * value, 0);
  });
}

describe("ldaScoresLeftOut", () => {
  it("equals fitting the discriminant again without the example", () => {
    const space = runSteps(createLdaSpace(layout, dense));
    for (const [self, vector] of vectors.entries()) {
      const scores = ldaScoresLeftOut(space, layout, layout.classOf[self] ?? 0).of(vector);
      const expected = ldaWithout(self);
      for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected[i] ?? Number.NaN, 3);
    }
  });
});

describe("blendWithoutSelf", () => {
  it("equals blending without the example", () => {
    for (const [self, vector] of vectors.entries()) {
      const own = layout.classes[layout.classOf[self] ?? 0];
      if (own === undefined) throw new Error("no class");
      const others = vectors.slice(own.start, own.end).filter((other) => other !== vector);
      const cosines = others.map((other) =>
        other.reduce((sum, value, i) => sum + value * (vector[i] ?? 0), 0),
      );
      const sum = meanOf(others).map((value) => value * others.length);
      const total = cosines.reduce((a, b) => a + b, 0);
      const expected = 0.5 * Math.max(...cosines) + (0.5 * total) / Math.hypot(...sum);
      const sumNorm = sumNorms[layout.classOf[self] ?? 0] ?? 0;
      const row = dotRows(vectors, vector);
      expect(blendWithoutSelf(row, own, { self, sumNorm })).toBeCloseTo(expected, 4);
    }
  });
});

describe("blendSimilarities", () => {
  it("takes half the nearest example and half the cosine with the sum", () => {
    const pair = layOutClasses([
      { ...capability("x", 2), agent: "x" },
      { ...capability("y", 1), agent: "y" },
    ]);
    const blended = blendSimilarities(Float32Array.of(0.5, 0.25, 0), pair, Float64Array.of(1.5, 0));
    expect([...blended]).toEqual([0.5, 0]);
  });
});
