import { FakeClock, SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMinuteBudget, type MinuteBudget } from "./minute-budget.ts";

const took = (budget: MinuteBudget, amount = 1): boolean => budget.reserve(amount) !== undefined;

describe("a budget of a minute", () => {
  it.each([0, 1, 3, 120])("of %i allows so many, and none more", (perMinute) => {
    const budget = createMinuteBudget(perMinute, new FakeClock());
    const taken = Array.from({ length: perMinute + 5 }, () => took(budget));
    expect(taken.filter(Boolean)).toHaveLength(perMinute);
  });

  it("tells whether so much is left, which takes nothing", () => {
    const budget = createMinuteBudget(10, new FakeClock());
    expect([budget.hasLeft(10), budget.hasLeft(11), took(budget, 7)]).toEqual([true, false, true]);
    expect([budget.hasLeft(3), budget.hasLeft(4), took(budget, 4), took(budget, 3)]).toEqual([
      ...[true, false, false, true],
    ]);
  });

  it("gives back a minute later what was taken", async () => {
    const clock = new FakeClock();
    const budget = createMinuteBudget(1, clock);
    expect(took(budget)).toBe(true);
    await clock.advance(59_999);
    expect(took(budget)).toBe(false);
    await clock.advance(1);
    expect(took(budget)).toBe(true);
  });

  it.each([
    { name: "less gives the rest back", settled: 20, left: 80 },
    { name: "nothing gives all of it back", settled: 0, left: 100 },
    { name: "as much changes nothing", settled: 60, left: 40 },
    { name: "more takes the difference", settled: 90, left: 10 },
    { name: "more than there is leaves nothing", settled: 1000, left: -1 },
  ])("settled with $name", ({ settled, left }) => {
    const budget = createMinuteBudget(100, new FakeClock());
    budget.reserve(60)?.settle(settled);
    expect([budget.hasLeft(Math.max(0, left)), budget.hasLeft(left + 1)]).toEqual([left >= 0, false]);
  });

  it("settles a reservation again and again", () => {
    const budget = createMinuteBudget(100, new FakeClock());
    const reservation = budget.reserve(50);
    for (const amount of [10, 90, 30]) reservation?.settle(amount);
    expect([budget.hasLeft(70), budget.hasLeft(71)]).toEqual([true, false]);
  });

  it("is whole again a minute after more was settled than there is", async () => {
    const clock = new FakeClock();
    const budget = createMinuteBudget(100, clock);
    budget.reserve(1)?.settle(5000);
    expect(budget.hasLeft(0)).toBe(false);
    await clock.advance(60_000);
    expect([budget.hasLeft(100), budget.hasLeft(101)]).toEqual([true, false]);
  });

  it("counts nothing for what is settled when it is older than a minute", async () => {
    const clock = new FakeClock();
    const budget = createMinuteBudget(100, clock);
    const late = budget.reserve(10);
    await clock.advance(60_000);
    expect(budget.hasLeft(100)).toBe(true);
    late?.settle(90);
    expect(budget.hasLeft(100)).toBe(true);
  });

  it("allows no more than its number within any minute", async () => {
    const clock = new FakeClock();
    const random = new SeededRandom(3);
    const budget = createMinuteBudget(10, clock);
    const taken: number[] = [];
    for (let each = 0; each < 500; each++) {
      await clock.advance(Math.floor(random.next() * 8000));
      if (took(budget)) taken.push(clock.monotonic());
    }
    const most = taken.map((at) => taken.filter((other) => other >= at && other < at + 60_000).length);
    expect(Math.max(...most)).toBe(10);
  });

  it("never sums up to more than its number within a minute where no more is settled than was reserved", async () => {
    const move = fc.record({
      pause: fc.nat(20_000),
      reserve: fc.nat(60),
      used: fc.double({ min: 0, max: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 60 }), async (moves) => {
        const clock = new FakeClock();
        const budget = createMinuteBudget(100, clock);
        const taken: { readonly at: number; readonly amount: number }[] = [];
        for (const { pause, reserve, used } of moves) {
          await clock.advance(pause);
          const reservation = budget.reserve(reserve);
          if (reservation === undefined) continue;
          const amount = Math.floor(reserve * used);
          reservation.settle(amount);
          taken.push({ at: clock.monotonic(), amount });
        }
        for (const { at } of taken) {
          const within = taken.filter((other) => other.at >= at && other.at - at < 60_000);
          expect(within.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is without end where it is infinite", () => {
    const budget = createMinuteBudget(Number.POSITIVE_INFINITY, new FakeClock());
    expect(Array.from({ length: 10_000 }, () => took(budget, 1e9)).every(Boolean)).toBe(true);
    budget.reserve(1)?.settle(1e300);
    expect(budget.hasLeft(1e300)).toBe(true);
  });
});
