import { expect, test } from "vitest";
import { RetryBudget } from "./retry-budget.ts";

test("gives ten second tries at once, and one for each five turns after that", () => {
  const budget = new RetryBudget();
  const granted = (turns: number): number =>
    Array.from({ length: turns }, () => {
      budget.earn();
      return budget.spend();
    }).filter(Boolean).length;
  expect(granted(10)).toBeGreaterThanOrEqual(10);
  granted(10);
  expect(granted(1000)).toBeLessThanOrEqual(200);
  expect(granted(1000)).toBeGreaterThanOrEqual(199);
});
