import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { defaultLimits, type RuntimeLimits } from "../limits.ts";
import { type Entry, TurnGate } from "./turn-gate.ts";

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

function gateOf(limits: Partial<RuntimeLimits>): TurnGate {
  return new TurnGate({ clock, limits: { ...defaultLimits, ...limits } });
}

/** What became of it so far. */
function watch(entry: Entry | Promise<Entry>): { readonly outcome: string | undefined } {
  const seen: { outcome: string | undefined } = { outcome: undefined };
  const note = (settled: Entry): void => {
    seen.outcome = settled.kind === "entered" ? "entered" : settled.failure.code;
  };
  Promise.resolve(entry).then(note, () => undefined);
  return seen;
}

test("lets turns in at once while there is room", async () => {
  const gate = gateOf({ maxConcurrentTurns: 2 });
  expect([gate.enter("a"), gate.enter("a")]).toEqual([{ kind: "entered" }, { kind: "entered" }]);
});

describe("a turn without a place", () => {
  test("gets the place of one that leaves", async () => {
    const gate = gateOf({ maxConcurrentTurns: 1 });
    await gate.enter("a");
    const second = watch(gate.enter("a"));
    await clock.advance(10);
    expect([second.outcome, gate.waiting]).toEqual([undefined, 1]);
    gate.leave();
    await clock.advance(0);
    expect([second.outcome, gate.waiting, clock.sleeping]).toEqual(["entered", 0, 0]);
  });

  test("is refused when none gets free in time", async () => {
    const gate = gateOf({ maxConcurrentTurns: 1, queueMs: 200 });
    await gate.enter("a");
    const second = watch(gate.enter("a"));
    await clock.advance(200);
    expect([second.outcome, gate.waiting]).toEqual(["overloaded", 0]);
  });

  test("doesn't overtake one that waits", async () => {
    const gate = gateOf({ maxConcurrentTurns: 1 });
    await gate.enter("a");
    const order: string[] = [];
    const enter = async (name: string): Promise<void> => {
      await gate.enter(name);
      order.push(name);
    };
    const both = Promise.all([enter("a"), enter("b")]);
    gate.leave();
    await clock.advance(0);
    gate.leave();
    await both;
    expect(order).toEqual(["a", "b"]);
  });
});

describe("of several tenants that wait", () => {
  test("each gets its turn, whatever the others send", async () => {
    const gate = gateOf({ maxConcurrentTurns: 1 });
    await gate.enter("noisy");
    const noisy = Array.from({ length: 50 }, () => watch(gate.enter("noisy")));
    const victim = watch(gate.enter("victim"));
    for (let turn = 0; turn < 2; turn++) gate.leave();
    await clock.advance(0);
    expect(victim.outcome).toBe("entered");
    expect(noisy.filter(({ outcome }) => outcome === "entered")).toHaveLength(1);
  });

  test("the one with the most makes room", async () => {
    const gate = gateOf({ maxConcurrentTurns: 1, queuedTurns: 3 });
    await gate.enter("noisy");
    const noisy = Array.from({ length: 3 }, () => watch(gate.enter("noisy")));
    const victim = watch(gate.enter("victim"));
    await clock.advance(0);
    expect(noisy.map(({ outcome }) => outcome)).toEqual(["overloaded", undefined, undefined]);
    expect(victim.outcome).toBeUndefined();
  });
});

test("refuses what a tenant sends above its quota, and nobody else's", async () => {
  const gate = gateOf({ tenantTurnsPerSecond: 2 });
  const outcomes = (): readonly (string | undefined)[] =>
    ["a", "a", "a", "b"].map((tenant) => {
      const entry = gate.enter(tenant);
      return "kind" in entry && entry.kind === "refused" ? entry.failure.code : "entered";
    });
  expect(outcomes()).toEqual(["entered", "entered", "quota_exceeded", "entered"]);
  await clock.advance(500);
  expect(outcomes()).toEqual(["entered", "quota_exceeded", "quota_exceeded", "entered"]);
});

test("a late loop lets a few turns in, as it may be others that make it late", async () => {
  const gate = new TurnGate({ clock, limits: defaultLimits, trouble: { cause: "loop-lag" } });
  const entries = await Promise.all(Array.from({ length: 9 }, () => gate.enter("a")));
  expect(entries.map(({ kind }) => kind)).toEqual([...Array(8).fill("entered"), "refused"]);
  gate.leave();
  expect(await gate.enter("a")).toEqual({ kind: "entered" });
});

test("refuses new turns while the process is in trouble, and no longer", async () => {
  const trouble: { cause: string | undefined } = { cause: "heap" };
  const gate = new TurnGate({ clock, limits: defaultLimits, trouble });
  expect(await gate.enter("a")).toMatchObject({ failure: { code: "overloaded", retryAfterSeconds: 1 } });
  trouble.cause = undefined;
  expect(await gate.enter("a")).toEqual({ kind: "entered" });
});
