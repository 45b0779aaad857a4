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

describe("the space of a changed catalogue", () => {
  const texts = fc.uniqueArray(
    fc.array(fc.constantFrom("pay", "my", "bill", "router", "red", "42", "track"), {
      minLength: 1,
      maxLength: 4,
    }),
    { minLength: 1, maxLength: 8, selector: (words) => words.join(" ") },
  );
  const layoutOf = (all: readonly (readonly string[])[]) =>
    layOutClasses([
      {
        agent: "a",
        id: "x",
        examples: all.map((words) => ({
          text: words.join(" "),
          vector: new Float32Array(1),
          synthetic: false,
        })),
      },
    ]);

  it("gives the similarities that one made anew gives", () => {
    fc.assert(
      fc.property(texts, texts, texts, (before, after, queries) => {
        const known = runSteps(createSparseSpace(layoutOf(before))).space;
        const layout = layoutOf(after);
        const adapted = runSteps(createSparseSpace(layout, known)).space;
        const fresh = runSteps(createSparseSpace(layout)).space;
        for (const words of queries) {
          const query = words.join(" ");
          const expected = sparseSimilarities(fresh, sparseVector(fresh, query));
          const similarities = sparseSimilarities(adapted, sparseVector(adapted, query));
          for (const [i, value] of expected.entries()) expect(similarities[i]).toBeCloseTo(value, 5);
        }
      }),
    );
  });

  it("says 1 for an example of its own, and never more", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const layout = layoutOf(all);
        const { space } = runSteps(createSparseSpace(layout));
        for (const [i, { text }] of layout.examples.entries()) {
          const similarities = sparseSimilarities(space, sparseVector(space, text));
          expect(similarities[i]).toBeCloseTo(1, 4);
          expect(Math.max(...similarities)).toBeLessThanOrEqual(1 + 1e-4);
          expect(Math.min(...similarities)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
