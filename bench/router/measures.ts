/** Figures of the report that need no classifier; those that do come from `@lmos/router`. */
import { average } from "@lmos/router";

/** Mean and standard deviation. */
export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** Of some values; the deviation is that of a sample. */
export function spread(values: readonly number[]): Spread {
  const mean = average(values);
  const squares = values.map((value) => (value - mean) ** 2);
  return { mean, deviation: Math.sqrt(squares.reduce((a, b) => a + b, 0) / Math.max(values.length - 1, 1)) };
}

/** Value below which the share `q` of the values lies (nearest rank). */
export function percentile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
}
