import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RowProducts } from "./row-products.ts";
import { dotRows } from "./vector.ts";

const number = fc.float({ min: -2, max: 2, noNaN: true });
const vectorOf = (dimension: number) =>
  fc.array(number, { minLength: dimension, maxLength: dimension }).map((values) => Float32Array.from(values));
/** Rows, and vectors to multiply them with. */
const problem = fc.integer({ min: 1, max: 40 }).chain((dimension) =>
  fc.record({
    dimension: fc.constant(dimension),
    rows: fc.array(vectorOf(dimension), { minLength: 1, maxLength: 13 }),
    vectors: fc.array(vectorOf(dimension), { minLength: 1, maxLength: 3 }),
  }),
);

function expectClose(products: Float32Array, expected: Float32Array): void {
  expect(products).toHaveLength(expected.length);
  for (const [i, product] of products.entries()) {
    const plain = expected[i] ?? Number.NaN;
    expect(Math.abs(product - plain)).toBeLessThan(1e-5 * (1 + Math.abs(plain)));
  }
}

function randomRows(count: number, dimension: number): readonly Float32Array[] {
  return Array.from({ length: count }, (_, row) =>
    Float32Array.from({ length: dimension }, (_, i) => Math.sin(row * dimension + i)),
  );
}

describe("products with rows", () => {
  it("are those of the plain loop, for vectors of any length and any number of rows", () => {
    fc.assert(
      fc.property(problem, ({ dimension, rows, vectors }) => {
        const products = RowProducts.of(rows, dimension);
        for (const vector of vectors) expectClose(products?.with(vector) ?? vector, dotRows(rows, vector));
      }),
    );
  });

  it("of several catalogues in any order do not mix", () => {
    const catalogues = [1, 3, 4, 9].map((count) =>
      randomRows(count, 20).map((row) => row.map((x) => x + count)),
    );
    const [vector = new Float32Array()] = randomRows(1, 20);
    const all = catalogues.map((rows) => ({ rows, products: RowProducts.of(rows, 20) }));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all)), (order) => {
        for (const { rows, products } of order) {
          expectClose(products?.with(vector) ?? vector, dotRows(rows, vector));
        }
      }),
    );
  });

  it("are right again for whoever's rows had to go", () => {
    // Five of them do not fit at once: 900 rows of 4 KiB take most of the memory.
    const dimension = 1024;
    const rows = randomRows(900, dimension);
    const [vector = new Float32Array()] = randomRows(1, dimension);
    const catalogues = [1, 2, 3, 4, 5].map((factor) => rows.map((row) => row.map((x) => factor * x)));
    const all = catalogues.map((own) => RowProducts.of(own, dimension));
    for (const which of [0, 1, 0, 2, 3, 4, 0, 4]) {
      const expected = dotRows(catalogues[which]?.slice(0, 5) ?? [], vector);
      expectClose(all[which]?.with(vector).slice(0, 5) ?? vector, expected);
    }
  });

  it.each([
    { count: 4000, dimension: 256, isThere: true },
    { count: 4200, dimension: 256, isThere: false },
    { count: 300, dimension: 3072, isThere: true },
    { count: 400, dimension: 3072, isThere: false },
    { count: 1, dimension: 2_000_000, isThere: false },
  ])("are there for $count rows of $dimension numbers: $isThere", ({ count, dimension, isThere }) => {
    const [row = new Float32Array()] = [new Float32Array(dimension)];
    expect(RowProducts.of(new Array<Float32Array>(count).fill(row), dimension) !== undefined).toBe(isThere);
  });
});
