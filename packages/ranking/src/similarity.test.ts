import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import { blendSimilarities, blendWithoutSelf } from "./similarity.ts";
import { dot, toUnit } from "./vector.ts";

const dimension = 4;
const direction = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: dimension, maxLength: dimension })
  .map((values) => toUnit(Float32Array.from([...values.slice(1), (values[0] ?? 0) + 3])));
const group = fc.array(direction, { minLength: 2, maxLength: 5 });

function sumOf(vectors: readonly Float32Array[]): Float32Array {
  return Float32Array.from({ length: dimension }, (_, i) =>
    vectors.reduce((sum, one) => sum + (one[i] ?? 0), 0),
  );
}

const lengthOf = (vector: Float32Array): number => Math.sqrt(dot(vector, vector));

/** By the definition: half the nearest, half the cosine with the sum. */
function plainBlend(query: Float32Array, vectors: readonly Float32Array[]): number {
  const sum = sumOf(vectors);
  const nearest = Math.max(...vectors.map((one) => dot(one, query)));
  return 0.5 * nearest + (lengthOf(sum) === 0 ? 0 : (0.5 * dot(sum, query)) / lengthOf(sum));
}

describe("blendSimilarities", () => {
  it("is half the nearest example and half the whole class", () => {
    fc.assert(
      fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), direction, (groups, query) => {
        const layout = layOutClasses(
          groups.map((own, i) => ({
            agent: "a",
            id: `${i}`,
            examples: own.map((vector, j) => ({ text: `${i}/${j}`, vector, synthetic: false })),
          })),
        );
        const similarities = Float32Array.from(layout.examples, ({ vector }) => dot(vector, query));
        const sumNorms = Float64Array.from(groups, (own) => lengthOf(sumOf(own)));
        const blended = blendSimilarities(similarities, layout, sumNorms);
        for (const [i, own] of groups.entries()) expect(blended[i]).toBeCloseTo(plainBlend(query, own), 4);
        const used = new Float64Array(groups.length).fill(7);
        expect(blendSimilarities(similarities, layout, sumNorms, used)).toBe(used);
        expect(used).toEqual(blended);
      }),
    );
  });
});

describe("blendWithoutSelf", () => {
  it("is the blend of the class without the example", () => {
    fc.assert(
      fc.property(group, fc.nat(4), (own, at) => {
        const self = at % own.length;
        const query = own[self] ?? new Float32Array(dimension);
        const similarities = Float32Array.from(own, (vector) => dot(vector, query));
        const stretch = { agent: "a", capability: "x", start: 0, end: own.length };
        const blended = blendWithoutSelf(similarities, stretch, { self, sumNorm: lengthOf(sumOf(own)) });
        const others = own.filter((_, i) => i !== self);
        expect(blended).toBeCloseTo(plainBlend(query, others), 3);
      }),
    );
  });
});
