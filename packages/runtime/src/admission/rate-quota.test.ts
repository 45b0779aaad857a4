import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RateQuota } from "./rate-quota.ts";

const take = (quota: RateQuota, count: number, name = "a"): number =>
  Array.from({ length: count }, () => quota.take(name)).filter(Boolean).length;

describe("a quota", () => {
  test.each([
    { perSecond: 5, afterMs: 0, more: 0 },
    { perSecond: 5, afterMs: 199, more: 0 },
    { perSecond: 5, afterMs: 200, more: 1 },
    { perSecond: 5, afterMs: 1000, more: 5 },
    { perSecond: 5, afterMs: 60_000, more: 5 },
    { perSecond: 0.5, afterMs: 1000, more: 0 },
    { perSecond: 0.5, afterMs: 2000, more: 1 },
  ])(
    "of $perSecond a second that is used up gives $more more after $afterMs ms",
    async ({ perSecond, afterMs, more }) => {
      const clock = new FakeClock();
      const quota = new RateQuota({ clock, perSecond });
      expect(take(quota, 20)).toBe(Math.max(1, perSecond));
      await clock.advance(afterMs);
      expect(take(quota, 20)).toBe(more);
    },
  );

  test("that is infinite refuses nobody", () => {
    const quota = new RateQuota({ clock: new FakeClock(), perSecond: Number.POSITIVE_INFINITY });
    expect(take(quota, 1000)).toBe(1000);
  });

  test("is each one's own", () => {
    const quota = new RateQuota({ clock: new FakeClock(), perSecond: 2 });
    expect([take(quota, 5, "a"), take(quota, 5, "b"), take(quota, 5, "a")]).toEqual([2, 2, 0]);
  });

  test("lets one that is larger than a burst go, and takes it from the future", async () => {
    const clock = new FakeClock();
    const quota = new RateQuota({ clock, perSecond: 10 });
    expect(quota.take("a", 50)).toBe(true);
    await clock.advance(3900);
    expect(quota.take("a")).toBe(false);
    await clock.advance(200);
    expect(quota.take("a")).toBe(true);
  });

  test("is not used by what was refused", async () => {
    const clock = new FakeClock();
    const quota = new RateQuota({ clock, perSecond: 1 });
    take(quota, 100);
    await clock.advance(1000);
    expect(take(quota, 1)).toBe(1);
  });

  test("forgets whoever was quiet for longest, who begins anew", () => {
    const quota = new RateQuota({ clock: new FakeClock(), perSecond: 1 });
    for (let each = 0; each < 10_001; each++) quota.take(`user-${each}`);
    expect([quota.take("user-0"), quota.take("user-10000")]).toEqual([true, false]);
  });

  test("never gives more than its rate and one burst, whenever it is asked", async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(pauses, fc.integer({ min: 1, max: 20 }), async (waits, perSecond) => {
        const clock = new FakeClock();
        const startedAt = clock.monotonic();
        const quota = new RateQuota({ clock, perSecond });
        let given = 0;
        for (const ms of waits) {
          given += take(quota, 10);
          await clock.advance(ms);
        }
        const seconds = (clock.monotonic() - startedAt) / 1000;
        expect(given).toBeLessThanOrEqual(perSecond + seconds * perSecond + 1e-6);
      }),
      { numRuns: 30 },
    );
  });
});
