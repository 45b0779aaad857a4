/** Symmetric positive definite matrices, as lower triangles in rows. */

/** Row i holds i + 1 numbers. */
export type LowerTriangle = readonly Float64Array[];

/**
 * A zero matrix of the given size. Its rows share one piece of memory, which leaves no holes when it goes: rows of their own
 * would be hundreds of small ones.
 */
export function lowerTriangle(size: number): LowerTriangle {
  const numbers = new Float64Array(numbersBefore(size));
  return Array.from({ length: size }, (_, row) =>
    numbers.subarray(numbersBefore(row), numbersBefore(row + 1)),
  );
}

function numbersBefore(row: number): number {
  return (row * (row + 1)) / 2;
}

/** Adds factor · v vᵀ to the matrix. */
export function addOuterProduct(matrix: LowerTriangle, vector: ArrayLike<number>, factor: number): void {
  for (let row = 0; row < matrix.length; row++) {
    const values = matrix[row] ?? new Float64Array();
    const scaled = factor * (vector[row] ?? 0);
    for (let column = 0; column <= row; column++) {
      values[column] = (values[column] ?? 0) + scaled * (vector[column] ?? 0);
    }
  }
}

/** The factor L of A = L Lᵀ. Pivots are kept above a tiny floor, so that a nearly singular matrix gives finite numbers. */
export function choleskyFactor(matrix: LowerTriangle): LowerTriangle {
  const factor = lowerTriangle(matrix.length);
  for (const [i, row] of factor.entries()) {
    const values = matrix[i] ?? row;
    for (let j = 0; j < i; j++) {
      const previous = factor[j] ?? row;
      row[j] = ((values[j] ?? 0) - partialDot(row, previous, j)) / (previous[j] ?? 1);
    }
    row[i] = Math.sqrt(Math.max((values[i] ?? 0) - partialDot(row, row, i), 1e-12));
  }
  return factor;
}

/** Solves L y = b by forward substitution: y·y is then bᵀA⁻¹b. */
export function solveLower(factor: LowerTriangle, right: ArrayLike<number>): Float64Array {
  const solution = new Float64Array(factor.length);
  for (let i = 0; i < factor.length; i++) {
    const row = factor[i] ?? solution;
    solution[i] = ((right[i] ?? 0) - partialDot(row, solution, i)) / (row[i] ?? 1);
  }
  return solution;
}

/**
 * Lᵀ as a lower triangle again, last row and last column first: {@link solveUpper} then runs along rows, which is several
 * times faster than down columns.
 */
export function reversedTranspose(factor: LowerTriangle): LowerTriangle {
  const last = factor.length - 1;
  const reversed = lowerTriangle(factor.length);
  for (const [i, row] of reversed.entries()) {
    for (let j = 0; j <= i; j++) row[j] = factor[last - j]?.[last - i] ?? 0;
  }
  return reversed;
}

/** Solves Lᵀ x = b by backward substitution, given the {@link reversedTranspose} of L. */
export function solveUpper(reversed: LowerTriangle, right: ArrayLike<number>): Float64Array {
  return solveLower(reversed, Float64Array.from(right).reverse()).reverse();
}

/** The product of the first `length` numbers; four sums at a time, so that no addition waits for the one before. */
function partialDot(left: Float64Array, right: Float64Array, length: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = length - (length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += (left[i] ?? 0) * (right[i] ?? 0);
    b += (left[i + 1] ?? 0) * (right[i + 1] ?? 0);
    c += (left[i + 2] ?? 0) * (right[i + 2] ?? 0);
    d += (left[i + 3] ?? 0) * (right[i + 3] ?? 0);
  }
  for (let i = whole; i < length; i++) a += (left[i] ?? 0) * (right[i] ?? 0);
  return a + b + c + d;
}
