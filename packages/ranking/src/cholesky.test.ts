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
