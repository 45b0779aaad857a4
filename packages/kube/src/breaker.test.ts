import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createBreaker, defaultBreakerPolicy } from "./breaker.ts";

function start() {
  const clock = new FakeClock();
  return { clock, breaker: createBreaker(defaultBreakerPolicy, clock) };
}

describe("a breaker", () => {
  it("opens when a key comes more often than fifty times at once", () => {
    const { breaker } = start();
    for (let time = 0; time < 50; time++) expect(breaker.admit("a", true)).toEqual({ kind: "admitted" });
    expect(breaker.admit("a", true)).toEqual({ kind: "opened", retryInMs: 30_000 });
    expect(breaker.admit("a", true)).toEqual({ kind: "quarantined", retryInMs: 30_000 });
    expect(breaker.admit("b", true)).toEqual({ kind: "admitted" });
    expect(breaker.open).toBe(1);
  });

  it("never opens for a key that comes every two seconds, or for what does not count", async () => {
    const { clock, breaker } = start();
    for (let time = 0; time < 500; time++) {
      expect(breaker.admit("a", true).kind).toBe("admitted");
      for (let retry = 0; retry < 10; retry++) expect(breaker.admit("a", false).kind).toBe("admitted");
      await clock.advance(2_000);
    }
  });

  it("lets a probe through every thirty seconds, and closes after five minutes", async () => {
    const { clock, breaker } = start();
    expect(breaker.trip("a")).toBe(true);
    expect(breaker.trip("a")).toBe(false);
    const probes: number[] = [];
    for (let second = 0; second < 300; second++) {
      if (breaker.admit("a", true).kind === "probe") probes.push(second);
      await clock.advance(1_000);
    }
    expect(probes).toEqual([30, 60, 90, 120, 150, 180, 210, 240, 270]);
    expect(breaker.admit("a", true)).toEqual({ kind: "closed" });
    expect(breaker.admit("a", true)).toEqual({ kind: "admitted" });
    expect(breaker.open).toBe(0);
  });

  it("says with a probe when it closes", async () => {
    const { clock, breaker } = start();
    breaker.trip("a");
    await clock.advance(100_000);
    expect(breaker.admit("a", false)).toEqual({ kind: "probe", closesInMs: 200_000 });
  });

  it("starts afresh for an object that was deleted", () => {
    const { breaker } = start();
    breaker.trip("a");
    expect([breaker.reset("a"), breaker.reset("a")]).toEqual([true, false]);
    expect(breaker.admit("a", true)).toEqual({ kind: "admitted" });
  });
});
