import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { areaUnderCurve, calibrationBins, calibrationError, riskCoverage } from "./measures.ts";

const prediction = (confidence: number, right: boolean) => ({ confidence, right });

describe("areaUnderCurve", () => {
  it.each([
    { name: "all above", higher: [3, 4], lower: [1, 2], expected: 1 },
    { name: "all below", higher: [1], lower: [2, 3], expected: 0 },
    { name: "ties count half", higher: [1, 2], lower: [1, 2], expected: 0.5 },
    { name: "one alike, one below", higher: [2], lower: [2, 1], expected: 0.75 },
  ])("$name", ({ higher, lower, expected }) => {
    expect(areaUnderCurve(higher, lower)).toBe(expected);
  });
});

describe("calibration", () => {
  it("is perfect where confidence is the share that is right", () => {
    const predictions = Array.from({ length: 100 }, (_, i) => prediction(0.75, i < 75));
    expect(calibrationError(predictions)).toBe(0);
    expect(calibrationBins(predictions)).toEqual([
      { from: 0.7, to: 0.8, count: 100, confidence: 0.75, accuracy: 0.75 },
    ]);
  });

  it("is the mean distance over the bins", () => {
    expect(calibrationError([prediction(1, false), prediction(0, false)])).toBe(0.5);
  });

  it("counts every prediction in exactly one bin", () => {
    const confidence = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(confidence), (confidences) => {
        const bins = calibrationBins(confidences.map((value) => prediction(value, true)));
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(confidences.length);
      }),
    );
  });
});

describe("riskCoverage", () => {
  it("takes the surest first", () => {
    const points = riskCoverage([prediction(0.2, false), prediction(0.9, true)]);
    expect(points.find(({ coverage }) => coverage === 0.5)?.risk).toBe(0);
    expect(points.at(-1)).toEqual({ coverage: 1, risk: 0.5 });
  });

  it("is empty for nothing", () => {
    expect(riskCoverage([])).toEqual([]);
  });
});
