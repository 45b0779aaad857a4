import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-bucket.ts";

const allowance = { burst: 4, refillMs: 100 };
const step = fc.record({ key: fc.constantFrom("a", "b", "c"), ms: fc.nat(300) });

/** What a bucket holds, by the rule: never more than the burst, one more every `refillMs`. */
class Model {
  readonly #tokens = new Map<string, { tokens: number; atMs: number }>();

  take(key: string, nowMs: number): boolean {
    const { burst, refillMs } = allowance;
    const { tokens, atMs } = this.#tokens.get(key) ?? { tokens: burst, atMs: nowMs };
    const now = Math.min(burst, tokens + (nowMs - atMs) / refillMs);
    this.#tokens.set(key, { tokens: now < 1 ? now : now - 1, atMs: nowMs });
    return now >= 1;
  }
}

describe("token buckets, whenever they are used", () => {
  it("give as much as the rule says, to each key by itself", () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const clock = new FakeClock();
        const buckets = new TokenBuckets(allowance, clock);
        const model = new Model();
        for (const { key, ms } of steps) {
          await clock.advance(ms);
          expect(buckets.take(key)).toBe(model.take(key, clock.monotonic()));
        }
      }),
    ));

  it("remember only what was used within the time that filling takes", () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const clock = new FakeClock();
        const buckets = new TokenBuckets(allowance, clock);
        for (const { key, ms } of steps) {
          await clock.advance(ms);
          buckets.take(key);
        }
        await clock.advance(allowance.burst * allowance.refillMs);
        buckets.take("last");
        expect(buckets.size).toBe(1);
      }),
    ));
});
