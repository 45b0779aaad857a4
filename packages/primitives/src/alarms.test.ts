import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type Alarm, Alarms, alarmSlotMs, alarmsOf } from "./alarms.ts";
import { nextTurn } from "./next-turn.ts";

let clock: FakeClock;
let alarms: Alarms;
let rung: string[];

beforeEach(() => {
  clock = new FakeClock();
  alarms = new Alarms(clock);
  rung = [];
});

const set = (name: string, ms: number) => alarms.set(ms, { ring: () => void rung.push(name) });

describe("an alarm", () => {
  it("rings once when its time has come, not before", async () => {
    set("a", 1000);
    await clock.advance(999);
    expect(rung).toEqual([]);
    await clock.advance(1);
    expect(rung).toEqual(["a"]);
    await clock.advance(5000);
    expect(rung).toEqual(["a"]);
  });

  it("that is cancelled does not ring, and a second time changes nothing", async () => {
    const alarm = set("a", 1000);
    set("b", 1000);
    alarm.cancel();
    alarm.cancel();
    await clock.advance(2000);
    expect(rung).toEqual(["b"]);
  });

  it("that has rung can be cancelled without harm to those of its slot", async () => {
    const alarm = set("a", 100);
    await clock.advance(100);
    set("b", 100);
    alarm.cancel();
    await clock.advance(100);
    expect(rung).toEqual(["a", "b"]);
  });

  it("can set the next one when it rings", async () => {
    const heart = {
      ring: () => {
        rung.push("beat");
        if (rung.length < 3) alarms.set(100, heart);
      },
    };
    alarms.set(100, heart);
    await clock.advance(1000);
    expect(rung).toEqual(["beat", "beat", "beat"]);
  });

  it("without a wait rings soon", async () => {
    set("a", 0);
    await clock.advance(alarmSlotMs);
    expect(rung).toEqual(["a"]);
  });

  it("can be cancelled by another of its slot while that rings", async () => {
    alarms.set(100, { ring: () => second.cancel() });
    const second = set("second", 100);
    await clock.advance(100);
    expect(rung).toEqual([]);
  });
});

describe("the timer", () => {
  it("is one for all, and gone with the last alarm", async () => {
    const set1 = [set("a", 1000), set("b", 90_000), set("c", 50)];
    await clock.advance(0);
    expect(clock.sleeping).toBe(1);
    await clock.advance(500);
    for (const alarm of set1) alarm.cancel();
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
  });

  it("is gone once all have rung, and starts anew", async () => {
    set("a", 1000);
    await clock.advance(1000);
    expect(clock.sleeping).toBe(0);
    await clock.advance(12_345);
    set("b", 1000);
    await clock.advance(1000 + alarmSlotMs);
    expect(rung).toEqual(["a", "b"]);
  });
});

describe("alarms that are due at once", () => {
  /** How many of them rang in each turn of the loop in which one did. */
  const ringsByTurn = async (count: number): Promise<readonly number[]> => {
    let turn = 0;
    const rings = new Map<number, number>();
    const ring = () => void rings.set(turn, (rings.get(turn) ?? 0) + 1);
    for (let i = 0; i < count; i++) alarms.set(100, { ring });
    const ringing = clock.advance(100);
    for (; turn < count; turn++) await nextTurn();
    await ringing;
    return [...rings.values()];
  };

  it.each([
    { name: "one", count: 1, expected: [1] },
    { name: "as many as ring together", count: 10, expected: [10] },
    { name: "one more", count: 11, expected: [10, 1] },
    { name: "many", count: 95, expected: [...Array.from({ length: 9 }, () => 10), 5] },
  ])("ring in small numbers, with turns for others between them: $name", async ({ count, expected }) => {
    expect(await ringsByTurn(count)).toEqual(expected);
    expect(clock.sleeping).toBe(0);
  });

  it("do not ring when one that rang before has cancelled them", async () => {
    const others: Alarm[] = [];
    alarms.set(100, { ring: () => others.forEach((other) => void other.cancel()) });
    for (let i = 0; i < 30; i++) others.push(set(`other ${i}`, 100));
    await clock.advance(100);
    set("new", 100);
    await clock.advance(100);
    expect(rung).toEqual(["new"]);
  });

  it("leave room for others that are set meanwhile, which ring in their own time", async () => {
    for (let i = 0; i < 25; i++) alarms.set(100, { ring: () => void (i === 12 && set("later", 200)) });
    await clock.advance(100);
    for (let i = 0; i < 5; i++) await nextTurn();
    await clock.advance(199);
    expect(rung).toEqual([]);
    await clock.advance(alarmSlotMs);
    expect(rung).toEqual(["later"]);
    expect(clock.sleeping).toBe(0);
  });
});

it("rings each alarm in its time, in order of time, whatever is set and cancelled", async () => {
  const step = fc.record({
    ms: fc.integer({ min: 0, max: 3000 }),
    cancelled: fc.boolean(),
    pause: fc.integer({ min: 0, max: 120 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const time = new FakeClock();
      const many = new Alarms(time);
      const late: number[] = [];
      for (const { ms, cancelled, pause } of steps) {
        const due = time.monotonic() + ms;
        const ring = () => void late.push(cancelled ? Number.NaN : time.monotonic() - due);
        const alarm = many.set(ms, { ring });
        if (cancelled) alarm.cancel();
        await time.advance(pause);
      }
      await time.advance(3000 + alarmSlotMs);
      expect(late).toHaveLength(steps.filter(({ cancelled }) => !cancelled).length);
      for (const ms of late) expect(ms).toSatisfy((each: number) => each >= 0 && each <= alarmSlotMs);
      expect(time.sleeping).toBe(0);
    }),
    { numRuns: 30 },
  );
});

it("are the same for all who have the same clock", () => {
  expect(alarmsOf(clock)).toBe(alarmsOf(clock));
  expect(alarmsOf(clock)).not.toBe(alarmsOf(new FakeClock()));
});
