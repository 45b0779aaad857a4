import fc from "fast-check";
import { expect, it } from "vitest";
import { DelayedKeys } from "./delayed-keys.ts";

const waits = fc.array(
  fc.record({ key: fc.constantFrom(..."abcdefghijklmnop"), dueAtMs: fc.nat({ max: 100 }) }),
  { minLength: 5, maxLength: 60, size: "max" },
);

it("gives keys at the earliest time that was asked for, in the order of their times", () => {
  const property = fc.property(waits, (asked) => {
    const delayed = new DelayedKeys();
    const earliest = new Map<string, number>();
    for (const { key, dueAtMs } of asked) {
      delayed.add(key, dueAtMs);
      earliest.set(key, Math.min(dueAtMs, earliest.get(key) ?? Number.POSITIVE_INFINITY));
    }
    for (let nowMs = 0; nowMs <= 100; nowMs++) {
      const due = [...earliest].filter(([, dueAtMs]) => dueAtMs === nowMs).map(([key]) => key);
      expect(delayed.takeDue(nowMs).toSorted()).toEqual(due.toSorted());
    }
    expect(delayed.nextDueAtMs()).toBeUndefined();
  });
  fc.assert(property);
});

it("knows when the next key is due, also after a key moved to an earlier time", () => {
  const delayed = new DelayedKeys();
  expect(delayed.nextDueAtMs()).toBeUndefined();
  delayed.add("a", 50);
  delayed.add("b", 30);
  delayed.add("a", 20);
  expect(delayed.nextDueAtMs()).toBe(20);
  expect(delayed.takeDue(40)).toEqual(["a", "b"]);
  expect(delayed.nextDueAtMs()).toBeUndefined();
});

it("does not hold on to what is stale, however often keys come and go", () => {
  const delayed = new DelayedKeys();
  for (let nowMs = 0; nowMs < 100_000; nowMs += 1) {
    delayed.add("a", nowMs + 1_000_000);
    delayed.add("a", nowMs);
    expect(delayed.takeDue(nowMs)).toEqual(["a"]);
  }
  expect(delayed.size).toBeLessThan(2_000);
  expect(delayed.nextDueAtMs()).toBeUndefined();
});

it("keeps what waits when it lets go of what is stale", () => {
  const delayed = new DelayedKeys();
  for (let at = 0; at < 100; at += 1) delayed.add(`kept-${at}`, 1_000 + at);
  for (let round = 0; round < 5_000; round += 1) {
    delayed.add("busy", 900_000 - round);
    delayed.add("busy", 1);
    delayed.takeDue(1);
  }
  expect(delayed.takeDue(2_000)).toEqual(Array.from({ length: 100 }, (_, at) => `kept-${at}`));
});
