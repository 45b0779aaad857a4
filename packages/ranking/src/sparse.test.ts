import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import { createSparseSpace, type SparseSpace, sparseSimilarities, sparseVector } from "./sparse.ts";
import { runSteps } from "./steps.ts";
import { characterTerms, wordTerms } from "./terms.ts";

function spaceOf(...texts: readonly string[]) {
  const layout = layOutClasses(
    texts.map((text, i) => ({
      agent: "a",
      id: `${i}`,
      examples: [{ text, vector: new Float32Array(2), synthetic: false }],
    })),
  );
  return runSteps(createSparseSpace(layout)).space;
}

function similarities(space: SparseSpace, text: string): Float32Array {
  return sparseSimilarities(space, sparseVector(space, text));
}

describe("wordTerms", () => {
  it.each([
    { text: "Pay my BILL", expected: ["w:pay", "w:my", "w:bill", "w:pay my", "w:my bill"] },
    { text: "don't", expected: ["w:don", "w:t", "w:don t"] },
    { text: "?!", expected: [] },
    { text: "größe 12", expected: ["w:größe", "w:12", "w:größe 12"] },
  ])("cuts $text", ({ text, expected }) => {
    expect(wordTerms(text)).toEqual(expected);
  });
});

describe("characterTerms", () => {
  it.each([
    { name: "takes a short word whole, once", text: "a", expected: ["c: a "] },
    {
      name: "gives all lengths",
      text: "pay",
      expected: ["c: pa", "c:pay", "c:ay ", "c: pay", "c:pay ", "c: pay "],
    },
    { name: "gives nothing for nothing", text: " ", expected: [] },
  ])("$name", ({ text, expected }) => {
    expect(characterTerms(text)).toEqual(expected);
  });
});

describe("sparseSimilarities", () => {
  it("is 1 with the same text, 0 with a text that shares nothing", () => {
    const [same, other] = similarities(spaceOf("pay my bill", "zzz qqq"), "Pay my bill");
    expect(same).toBeCloseTo(1, 6);
    expect(other).toBe(0);
  });

  it("lies between 0 and 1 for any text", () => {
    const space = spaceOf("pay my bill", "internet is down", "pay");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const similarity of similarities(space, text)) {
          expect(similarity).toBeGreaterThanOrEqual(0);
          expect(similarity).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
    );
  });

  it("finds a misspelt word by its letters", () => {
    const [near = 0, far = 0] = similarities(spaceOf("invoice", "password"), "invoise");
    expect(near).toBeGreaterThan(far);
  });
});
