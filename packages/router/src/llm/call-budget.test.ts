import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createCallBudget } from "./call-budget.ts";

describe("a budget of calls", () => {
  it.each([0, 1, 3, 120])("of %i a minute allows so many, and none more", (perMinute) => {
    const budget = createCallBudget(perMinute, new FakeClock());
    const taken = Array.from({ length: perMinute + 5 }, () => budget.take());
    expect(taken.filter(Boolean)).toHaveLength(perMinute);
  });

  it("tells whether a call is left, which takes none", () => {
    const budget = createCallBudget(1, new FakeClock());
    expect([budget.hasLeft, budget.hasLeft, budget.take(), budget.hasLeft, budget.take()]).toEqual([
      ...[true, true, true, false, false],
    ]);
  });

  it("gives a call back a minute after it was made", async () => {
    const clock = new FakeClock();
    const budget = createCallBudget(1, clock);
    expect(budget.take()).toBe(true);
    await clock.advance(59_999);
    expect(budget.take()).toBe(false);
    await clock.advance(1);
    expect(budget.take()).toBe(true);
  });

  it("allows no more than its number within any minute", async () => {
    const clock = new FakeClock();
    const random = new SeededRandom(3);
    const budget = createCallBudget(10, clock);
    const taken: number[] = [];
    for (let each = 0; each < 500; each++) {
      await clock.advance(Math.floor(random.next() * 8000));
      if (budget.take()) taken.push(clock.monotonic());
    }
    const most = taken.map((at) => taken.filter((other) => other >= at && other < at + 60_000).length);
    expect(Math.max(...most)).toBe(10);
  });

  it("is without end where it is infinite", () => {
    const budget = createCallBudget(Number.POSITIVE_INFINITY, new FakeClock());
    expect(Array.from({ length: 10_000 }, () => budget.take()).every(Boolean)).toBe(true);
  });
});
