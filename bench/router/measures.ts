/** The figures of the report, each from plain numbers. */

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

/** Their mean. */
export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Share of the items for which the condition holds; 0 for no items. */
export function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}

/** Value below which the share `q` of the values lies (nearest rank). */
export function percentile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? 0;
}

/** Probability that a value of `higher` is above one of `lower`; ties count half. */
export function areaUnderCurve(higher: readonly number[], lower: readonly number[]): number {
  const all = [...higher.map((value) => ({ value, high: 1 })), ...lower.map((value) => ({ value, high: 0 }))];
  all.sort((a, b) => a.value - b.value || a.high - b.high);
  let below = 0;
  let won = 0;
  for (const { high } of all) {
    if (high === 1) won += below;
    else below += 1;
  }
  return won / (higher.length * lower.length);
}

/** Expected calibration error over ten bins of equal width. */
export function calibrationError(
  predictions: readonly { readonly confidence: number; readonly right: boolean }[],
): number {
  const bins = Map.groupBy(predictions, ({ confidence }) => Math.min(9, Math.floor(confidence * 10)));
  let error = 0;
  for (const bin of bins.values()) {
    const gap = average(bin.map(({ confidence }) => confidence)) - share(bin, ({ right }) => right);
    error += (Math.abs(gap) * bin.length) / predictions.length;
  }
  return error;
}
