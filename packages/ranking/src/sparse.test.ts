import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutClasses } from "./classes.ts";
import { createSparseSpace, type SparseSpace, sparseSimilarities, sparseVector } from "./sparse.ts";
import { runSteps } from "./steps.ts";

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

/** The same by the book: every term a text of its own, every example a map of weights. */
function plainSimilarities(texts: readonly string[], query: string): readonly number[] {
  const countsOf = (terms: readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    return counts;
  };
  const views = [plainWordTerms, plainPieces].map((termsOf) => texts.map((text) => countsOf(termsOf(text))));
  const weigh = (counts: ReadonlyMap<string, number>, all: readonly ReadonlyMap<string, number>[]) => {
    const known = [...counts].filter(([term]) => all.some((each) => each.has(term)));
    const weights = known.map(([term, count]): readonly [string, number] => {
      const holders = all.filter((each) => each.has(term)).length;
      return [term, (1 + Math.log(count)) * (Math.log((1 + all.length) / (1 + holders)) + 1)];
    });
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1;
    return new Map(weights.map(([term, weight]) => [term, weight / length]));
  };
  const queries = [plainWordTerms, plainPieces].map((termsOf) => countsOf(termsOf(query)));
  return texts.map((_, example) =>
    views.reduce((sum, all, view) => {
      const own = weigh(all[example] ?? new Map(), all);
      const asked = weigh(queries[view] ?? new Map(), all);
      return sum + [...asked].reduce((part, [term, weight]) => part + (weight * (own.get(term) ?? 0)) / 2, 0);
    }, 0),
  );
}

function plainWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
}

function plainWordTerms(text: string): readonly string[] {
  const words = plainWords(text);
  return [...words, ...words.slice(1).map((next, i) => `${words[i]} ${next}`)];
}

function plainPieces(text: string): readonly string[] {
  return plainWords(text).flatMap((word) => {
    const padded = ` ${word} `;
    const lengths = [3, 4, 5].filter((length) => length < padded.length);
    const cut = lengths.flatMap((length) =>
      Array.from({ length: padded.length - length + 1 }, (_, i) => padded.slice(i, i + length)),
    );
    return padded.length <= 5 ? [...cut, padded] : cut;
  });
}

describe("sparseSimilarities", () => {
  it("is 1 with the same text, 0 with a text that shares nothing", () => {
    const [same, other] = similarities(spaceOf("pay my bill", "zzz qqq"), "Pay my bill");
    expect(same).toBeCloseTo(1, 6);
    expect(other).toBe(0);
  });

  it("lies between 0 and 1 for any text", () => {
    const space = spaceOf("pay my bill", "internet is down", "pay");
    fc.assert(
      fc.property(anyText(), (text) => {
        for (const similarity of similarities(space, text)) {
          expect(similarity).toBeGreaterThanOrEqual(0);
          expect(similarity).toBeLessThanOrEqual(1 + 1e-6);
        }
      }),
    );
  });

  it("is what TF-IDF over words, pairs and pieces gives by the book", () => {
    const word = fc.constantFrom("pay", "Pay", "my", "bill", "a", "router", "ärger", "42", "don't", "of");
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    const catalogue = fc.uniqueArray(text, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(catalogue, fc.oneof(text, fc.string({ unit: "grapheme" })), (texts, query) => {
        const found = similarities(spaceOf(...texts), query);
        for (const [i, expected] of plainSimilarities(texts, query).entries()) {
          expect(found[i]).toBeCloseTo(expected, 5);
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
