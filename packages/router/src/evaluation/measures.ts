/** Measures of a classifier, each from plain numbers. */

/** Their mean; NaN for none. */
export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Share of the items for which the condition holds; 0 for no items. */
export function share<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}

/** Probability that a value of `higher` is above one of `lower`; ties count half. NaN where either is empty. */
export function areaUnderCurve(higher: readonly number[], lower: readonly number[]): number {
  const all = [...higher.map((value) => ({ value, high: 1 })), ...lower.map((value) => ({ value, high: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let below = 0;
  let won = 0;
  for (let start = 0; start < all.length; ) {
    let end = start;
    while (all[end]?.value === all[start]?.value && end < all.length) end++;
    const tied = all.slice(start, end);
    const high = tied.filter((one) => one.high === 1).length;
    won += high * below + (high * (tied.length - high)) / 2;
    below += tied.length - high;
    start = end;
  }
  return won / (higher.length * lower.length);
}

/** A prediction with the probability that was claimed for it. */
export interface Prediction {
  /** 0 to 1. */
  readonly confidence: number;
  readonly right: boolean;
}

/** Predictions of like confidence. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean confidence, and the share that was right. */
  readonly confidence: number;
  readonly accuracy: number;
}

const binCount = 10;

/** Ten bins of equal width, those without predictions left out. */
export function calibrationBins(predictions: readonly Prediction[]): readonly CalibrationBin[] {
  const bins = Map.groupBy(predictions, ({ confidence }) =>
    Math.min(binCount - 1, Math.floor(confidence * binCount)),
  );
  return [...bins]
    .sort(([left], [right]) => left - right)
    .map(([bin, members]) => ({
      from: bin / binCount,
      to: (bin + 1) / binCount,
      count: members.length,
      confidence: average(members.map(({ confidence }) => confidence)),
      accuracy: share(members, ({ right }) => right),
    }));
}

/** Expected calibration error: mean distance of confidence and accuracy over the {@link calibrationBins}. */
export function calibrationError(predictions: readonly Prediction[]): number {
  return calibrationBins(predictions).reduce(
    (error, { confidence, accuracy, count }) =>
      error + (Math.abs(confidence - accuracy) * count) / predictions.length,
    0,
  );
}

/** How often the surest predictions are wrong. */
export interface RiskAtCoverage {
  /** Share of the predictions, the surest first. */
  readonly coverage: number;
  /** Share of wrong ones among them. */
  readonly risk: number;
}

const coverageSteps = 20;

/** The risk at 5 %, 10 % … 100 % of the predictions, the surest first. Empty for none. */
export function riskCoverage(predictions: readonly Prediction[]): readonly RiskAtCoverage[] {
  const sorted = predictions.toSorted((left, right) => right.confidence - left.confidence);
  if (sorted.length === 0) return [];
  return Array.from({ length: coverageSteps }, (_, i) => {
    const coverage = (i + 1) / coverageSteps;
    const kept = sorted.slice(0, Math.max(1, Math.round(coverage * sorted.length)));
    return { coverage, risk: share(kept, ({ right }) => !right) };
  });
}
