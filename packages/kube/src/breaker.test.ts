import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Breaker, createBreaker, defaultBreakerPolicy } from "./breaker.ts";

function start() {
  const clock = new FakeClock();
  return { clock, breaker: createBreaker(defaultBreakerPolicy, clock) };
}

describe("a breaker", () => {
  it("opens when a key comes more often than fifty times at once", () => {
    const { breaker } = start();
    for (let time = 0; time < 50; time++) expect(breaker.admit("a", true)).toEqual({ kind: "admitted" });
    expect(breaker.admit("a", true)).toEqual({ kind: "opened", retryInMs: 2_000 });
    expect(breaker.admit("a", true)).toEqual({ kind: "quarantined", retryInMs: 2_000 });
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

  it("tries a key that has come to rest, and one that a try makes change again ever later", async () => {
    const { clock, breaker } = start();
    open(breaker);
    const tries: number[] = [];
    for (let second = 1; second < 120; second++) {
      await clock.advance(1_000);
      if (breaker.admit("a", false).kind !== "probe") continue;
      tries.push(second);
      expect(breaker.admit("a", true).kind).toBe("quarantined"); // somebody undoes it at once
    }
    expect(tries).toEqual([2, 6, 14, 30, 60, 90]);
  });

  it("is not impressed by rest after a reconcile that did not end", async () => {
    const { clock, breaker } = start();
    breaker.trip("a");
    breaker.admit("a", true);
    await clock.advance(29_999);
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 1 });
    await clock.advance(1);
    expect(breaker.admit("a", false).kind).toBe("probe");
    breaker.admit("a", true);
    await clock.advance(29_000);
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 1_000 });
  });

  it("lets the retries of a key that fails wait for the next probe", async () => {
    const { clock, breaker } = start();
    open(breaker);
    await clock.advance(2_000);
    expect(breaker.admit("a", false).kind).toBe("probe");
    await clock.advance(10_000);
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 20_000 });
  });

  it("makes a try good that the server failed, once, and goes on from there", async () => {
    const { clock, breaker } = start();
    open(breaker);
    await clock.advance(2_000);
    expect(breaker.admit("a", false).kind).toBe("probe");
    breaker.excuse("a", 400);
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 400 });
    await clock.advance(400);
    expect(breaker.admit("a", false).kind).toBe("probe");
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 30_000 });
  });

  it("never puts a try off for a failure of the server", async () => {
    const { clock, breaker } = start();
    open(breaker);
    await clock.advance(2_000);
    breaker.admit("a", false);
    breaker.excuse("a", 60_000);
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 30_000 });
  });

  it("excuses neither a key that is not quarantined nor one whose reconcile did not end", async () => {
    const { clock, breaker } = start();
    breaker.excuse("a", 100);
    expect(breaker.open).toBe(0);
    breaker.trip("a");
    breaker.excuse("a", 100);
    await clock.advance(100);
    expect(breaker.admit("a", false)).toEqual({ kind: "quarantined", retryInMs: 29_900 });
  });

  it("answers a storm of edits within seconds of its end, and meanwhile every thirty seconds", async () => {
    const { clock, breaker } = start();
    open(breaker);
    const tries: number[] = [];
    const look = (counts: boolean): void => {
      if (breaker.admit("a", counts).kind === "probe") tries.push(clock.monotonic());
    };
    const startedAtMs = clock.monotonic();
    for (let edit = 0; edit < 70 * 50; edit++) {
      await clock.advance(20);
      look(true);
    }
    for (let second = 0; second < 10; second++) {
      await clock.advance(1_000);
      look(false);
    }
    const [first = 0, second = 0, third = 0] = tries.map((ms) => ms - startedAtMs);
    expect(tries).toHaveLength(3);
    expect(first).toBe(30_000);
    expect(second).toBe(60_000);
    expect(third - 70_000).toBeLessThanOrEqual(3_000); // looked at every second
  });

  it("never tries a key more often than rest and probes allow, whatever happens", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ ms: fc.nat(5_000), counts: fc.boolean() }), { maxLength: 200 }),
        async (steps) => {
          for (const { sinceTryMs, sinceNameMs } of await triesOf(steps)) {
            expect(sinceTryMs >= 30_000 || sinceNameMs >= 2_000).toBe(true);
          }
        },
      ),
    ));
});

/** Names the key once too often. */
function open(breaker: Breaker): void {
  for (let time = 0; time <= defaultBreakerPolicy.burst; time++) breaker.admit("a", true);
}

/** Opens the breaker, takes the steps while it is open, and tells of each try how long ago the last one was. */
async function triesOf(steps: readonly { readonly ms: number; readonly counts: boolean }[]) {
  const { clock, breaker } = start();
  open(breaker);
  const untilMs = clock.monotonic() + defaultBreakerPolicy.openMs;
  const tries: { readonly sinceTryMs: number; readonly sinceNameMs: number }[] = [];
  let [triedAtMs, namedAtMs] = [clock.monotonic(), clock.monotonic()];
  for (const { ms, counts } of steps) {
    await clock.advance(ms);
    const nowMs = clock.monotonic();
    if (nowMs >= untilMs) break;
    if (counts) namedAtMs = nowMs;
    if (breaker.admit("a", counts).kind !== "probe") continue;
    tries.push({ sinceTryMs: nowMs - triedAtMs, sinceNameMs: nowMs - namedAtMs });
    triedAtMs = nowMs;
  }
  return tries;
}
