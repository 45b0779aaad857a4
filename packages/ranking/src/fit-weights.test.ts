import { SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { defaultWeights, fitWeights } from "./fit-weights.ts";
import type { LeaveOneOutRow } from "./leave-one-out.ts";
import type { ScoreWeights } from "./model.ts";
import { runSteps } from "./steps.ts";

function fit(rows: readonly LeaveOneOutRow[]): ScoreWeights {
  return runSteps(fitWeights(rows));
}

/** Rows of four classes in which each score is its strength for the own class plus noise. */
function rowsWith(
  strength: { lda: number; dense: number; sparse: number },
  count: number,
): readonly LeaveOneOutRow[] {
  const random = new SeededRandom(5);
  return Array.from({ length: count }, (_, i) => {
    const ownClass = i % 4;
    const scores = (own: number): Float64Array =>
      Float64Array.from({ length: 4 }, (_unused, j) => (j === ownClass ? own : 0) + random.next());
    return {
      self: 0,
      ownClass,
      scores: { lda: scores(strength.lda), dense: scores(strength.dense), sparse: scores(strength.sparse) },
    };
  });
}

describe("fitWeights", () => {
  it("trusts the score that tells the classes apart", () => {
    const weights = fit(rowsWith({ lda: 0, dense: 0.8, sparse: 0 }, 200));
    expect(weights.dense).toBeGreaterThan(5 * weights.lda);
    expect(weights.dense).toBeGreaterThan(5 * weights.sparse);
  });

  it("keeps every weight above zero, also for a score that misleads", () => {
    const weights = fit(rowsWith({ lda: -0.8, dense: 0.8, sparse: 0 }, 200));
    expect(weights.lda).toBeGreaterThan(0);
    expect(weights.lda).toBeLessThan(weights.dense / 5);
  });

  it("gives finite weights for scores that never vary", () => {
    const flat = { lda: new Float64Array(3), dense: new Float64Array(3), sparse: new Float64Array(3) };
    const weights = fit(Array.from({ length: 20 }, (_, i) => ({ self: i, ownClass: i % 3, scores: flat })));
    expect(Object.values(weights).every((weight) => Number.isFinite(weight) && weight > 0)).toBe(true);
  });

  it("does not depend on the unit of a score", () => {
    const rows = rowsWith({ lda: 0.3, dense: 0.5, sparse: 0.2 }, 100);
    const scaled = rows.map((row) => ({
      ...row,
      scores: { ...row.scores, lda: row.scores.lda.map((score) => 1000 * score) },
    }));
    const [plain, thousandfold] = [fit(rows), fit(scaled)];
    expect(thousandfold.lda * 1000).toBeCloseTo(plain.lda, 3);
    expect(thousandfold.dense).toBeCloseTo(plain.dense, 3);
  });

  it.each([
    { name: "no rows", rows: [] },
    { name: "a few rows", rows: rowsWith({ lda: 1, dense: 1, sparse: 1 }, 11) },
    {
      name: "one class",
      rows: Array.from({ length: 20 }, () => ({
        self: 0,
        ownClass: 0,
        scores: { lda: Float64Array.of(1), dense: Float64Array.of(1), sparse: Float64Array.of(1) },
      })),
    },
  ])("falls back to the default weights for $name", ({ rows }) => {
    expect(fit(rows)).toEqual(defaultWeights);
  });
});
