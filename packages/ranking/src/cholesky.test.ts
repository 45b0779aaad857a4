import { SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import {
  addOuterProduct,
  choleskyFactor,
  lowerTriangle,
  reversedTranspose,
  solveLower,
  solveUpper,
} from "./cholesky.ts";

describe("lowerTriangle", () => {
  it.each([0, 1, 2, 256])("has rows of 1 to %i zeros in one piece of memory", (size) => {
    const rows = [...lowerTriangle(size)];
    expect(rows.map(({ length }) => length)).toEqual(Array.from({ length: size }, (_, row) => row + 1));
    expect(rows.every((row) => row.every((value) => value === 0))).toBe(true);
    expect(new Set(rows.map(({ buffer }) => buffer)).size).toBe(Math.min(size, 1));
    for (const [at, row] of rows.entries()) row.fill(at);
    expect(rows.every((row, at) => row.every((value) => value === at))).toBe(true);
  });
});

describe("reversedTranspose", () => {
  it("has the last row and the last column first", () => {
    const matrix = lowerTriangle(3);
    for (const [i, row] of matrix.entries()) for (let j = 0; j <= i; j++) row[j] = 10 * i + j;
    expect(reversedTranspose(matrix).map((row) => [...row])).toEqual([[22], [21, 11], [20, 10, 0]]);
  });
});

describe("choleskyFactor", () => {
  it("solves A x = b by one forward and one backward substitution", () => {
    const random = new SeededRandom(3);
    const size = 7;
    const matrix = lowerTriangle(size);
    for (let i = 0; i < 10; i++) {
      addOuterProduct(
        matrix,
        Array.from({ length: size }, () => random.next() - 0.5),
        1,
      );
    }
    const right = Array.from({ length: size }, () => random.next());
    const factor = choleskyFactor(matrix);
    const solution = solveUpper(reversedTranspose(factor), solveLower(factor, right));
    const at = (row: number, column: number): number =>
      matrix[Math.max(row, column)]?.[Math.min(row, column)] ?? 0;
    for (let row = 0; row < size; row++) {
      const product = solution.reduce((sum, value, column) => sum + at(row, column) * value, 0);
      expect(product).toBeCloseTo(right[row] ?? Number.NaN, 9);
    }
  });

  it("stays finite for a matrix without full rank", () => {
    const matrix = lowerTriangle(3);
    addOuterProduct(matrix, [1, 1, 1], 1);
    const solution = solveLower(choleskyFactor(matrix), [1, 2, 3]);
    expect(solution.every(Number.isFinite)).toBe(true);
  });
});
