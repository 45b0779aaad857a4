import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./token-bucket.ts";

describe("token buckets", () => {
  it("give a burst, then one after each refill, to every key by itself", async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ burst: 3, refillMs: 1_000 }, clock);
    expect(Array.from({ length: 5 }, () => buckets.take("a"))).toEqual([true, true, true, false, false]);
    expect(buckets.take("b")).toBe(true);
    await clock.advance(999);
    expect(buckets.take("a")).toBe(false);
    await clock.advance(1);
    expect([buckets.take("a"), buckets.take("a")]).toEqual([true, false]);
  });

  it("are full again after a reset", () => {
    const buckets = new TokenBuckets({ burst: 1, refillMs: 1_000 }, new FakeClock());
    buckets.take("a");
    buckets.reset("a");
    expect(buckets.take("a")).toBe(true);
  });

  it("forget the keys whose allowance is full", async () => {
    const clock = new FakeClock();
    const buckets = new TokenBuckets({ burst: 10, refillMs: 1_000 }, clock);
    for (let key = 0; key < 1_000; key++) buckets.take(`key ${key}`);
    expect(buckets.size).toBe(1_000);
    await clock.advance(10_000);
    buckets.take("another");
    expect(buckets.size).toBe(1);
  });
});
