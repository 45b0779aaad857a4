import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { progressBar } from "./progress-bar.ts";

describe("progressBar", () => {
  it.each([
    { done: 0, total: 1200, line: "[--------------------]   0 %  0 of 1200" },
    { done: 600, total: 1200, line: "[##########----------]  50 %  600 of 1200" },
    { done: 1199, total: 1200, line: "[###################-]  99 %  1199 of 1200" },
    { done: 1200, total: 1200, line: "[####################] 100 %  1200 of 1200" },
    { done: 0, total: 0, line: "[####################] 100 %  0 of 0" },
  ])("is $line", ({ done, total, line }) => {
    expect(progressBar(done, total)).toBe(line);
  });

  it("is full exactly at the end, never shrinks, and is always as wide", () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (first, second) => {
        const [done, total] = [Math.min(first, second), Math.max(first, second)];
        const filled = (line: string): number => line.split("#").length - 1;
        const line = progressBar(done, total);
        expect(line.indexOf("]")).toBe(21);
        expect(filled(line) === 20).toBe(done === total);
        expect(filled(progressBar(Math.min(done + 1, total), total))).toBeGreaterThanOrEqual(filled(line));
      }),
    );
  });
});
