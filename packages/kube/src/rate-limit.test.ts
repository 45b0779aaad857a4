import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

const { signal } = new AbortController();

/** Times at which so many requests pass that all come at the start. */
async function passed(requests: number, allowance: { burst: number; refillMs: number }): Promise<number[]> {
  const clock = new FakeClock();
  const startedAtMs = clock.monotonic();
  const limit = createRateLimit(allowance, clock);
  const times: number[] = [];
  const all = Array.from({ length: requests }, () =>
    limit.pass({ signal }).then(() => times.push(clock.monotonic() - startedAtMs)),
  );
  await clock.advance(requests * allowance.refillMs);
  await Promise.all(all);
  return times;
}

describe("a rate limit", () => {
  it.each([
    { burst: 1, refillMs: 100, times: [0, 100, 200, 300, 400] },
    { burst: 3, refillMs: 100, times: [0, 0, 0, 100, 200] },
    { burst: 5, refillMs: 100, times: [0, 0, 0, 0, 0] },
  ])("lets $burst pass at once, then one every $refillMs ms", async ({ times, ...allowance }) => {
    expect(await passed(5, allowance)).toEqual(times);
  });

  it("has its whole allowance again after a rest, and no more than that", async () => {
    const clock = new FakeClock();
    const limit = createRateLimit({ burst: 2, refillMs: 100 }, clock);
    for (let round = 0; round < 3; round++) {
      await limit.pass({ signal });
      await limit.pass({ signal });
      let third = false;
      void limit.pass({ signal }).then(() => {
        third = true;
      });
      await clock.advance(99);
      expect(third).toBe(false);
      await clock.advance(1);
      expect(third).toBe(true);
      await clock.advance(10_000);
    }
  });

  it("lets go of a request that is aborted", async () => {
    const clock = new FakeClock();
    const limit = createRateLimit({ burst: 1, refillMs: 100 }, clock);
    await limit.pass({ signal });
    const stop = new AbortController();
    const waiting = limit.pass({ signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it("is never exceeded in any span of time, whenever requests come", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(150), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        async (gaps, burst) => {
          const refillMs = 50;
          const clock = new FakeClock();
          const limit = createRateLimit({ burst, refillMs }, clock);
          const times: number[] = [];
          for (const gap of gaps) {
            await clock.advance(gap);
            void limit.pass({ signal }).then(() => times.push(clock.monotonic()));
          }
          await clock.advance(gaps.length * refillMs);
          expect(times).toHaveLength(gaps.length);
          for (const [first, from] of times.entries()) {
            for (const [last, to] of times.entries()) {
              if (last < first) continue;
              expect(last - first + 1).toBeLessThanOrEqual(burst + (to - from) / refillMs + 1e-6);
            }
          }
        },
      ),
      { numRuns: 50 },
    ));
});
