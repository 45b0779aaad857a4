import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { CallDeadline } from "./call-deadline.ts";

let clock: FakeClock;
let late: number;

beforeEach(() => {
  clock = new FakeClock();
  late = 0;
});

const start = (totalMs = 120_000): CallDeadline =>
  new CallDeadline({
    clock,
    limits: { firstResultMs: 30_000, betweenResultsMs: 15_000 },
    totalMs,
    owner: {
      onLate: () => {
        late += 1;
      },
    },
  });

describe("a deadline", () => {
  const rows: readonly {
    readonly name: string;
    readonly totalMs?: number;
    readonly steps: readonly (number | "hold" | "expectNext")[];
    readonly inTime: boolean;
  }[] = [
    { name: "lets the first result take its time", steps: [29_000], inTime: true },
    { name: "ends the wait for the first result", steps: [30_000], inTime: false },
    {
      name: "lets the next result take its time",
      steps: [29_000, "hold", "expectNext", 14_000],
      inTime: true,
    },
    { name: "ends the wait for the next one", steps: [1000, "hold", "expectNext", 15_001], inTime: false },
    { name: "does not count the reader's time", steps: [1000, "hold", 60_000], inTime: true },
    { name: "counts it for the whole", steps: [1000, "hold", 119_001], inTime: false },
    { name: "ends the whole before a first result is late", totalMs: 5000, steps: [5000], inTime: false },
  ];

  test.each(rows)("$name", async ({ totalMs, steps, inTime }) => {
    using deadline = start(totalMs);
    for (const step of steps) {
      if (typeof step === "number") await clock.advance(step);
      else deadline[step]();
    }
    await clock.advance(50); // an alarm may be that late
    expect(late).toBe(inTime ? 0 : 1);
  });

  test("is over once, and leaves no timer behind", async () => {
    using _ = start();
    await clock.advance(200_000);
    expect([late, clock.sleeping]).toEqual([1, 0]);
  });

  test("without any time is over soon, not at once", async () => {
    using _ = start(0);
    expect(late).toBe(0);
    await clock.advance(50);
    expect(late).toBe(1);
  });

  test("that is disposed does nothing more", async () => {
    const deadline = start();
    deadline[Symbol.dispose]();
    await clock.advance(200_000);
    expect([late, clock.sleeping]).toEqual([0, 0]);
  });
});
