import { describe, expect, test } from "vitest";
import { type DelayHistogram, LoopLag } from "./loop-lag.ts";

/** Keeps every sample. */
class ExactHistogram implements DelayHistogram {
  #samples: number[] = [];

  get count(): number {
    return this.#samples.length;
  }

  add(ms: number): void {
    this.#samples.push(ms * 1e6);
  }

  percentile(percentage: number): number {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((percentage / 100) * sorted.length) - 1)] ?? 0;
  }

  reset(): void {
    this.#samples = [];
  }
}

const lookMs = 500;

/** A loop whose pauses last so many milliseconds, one after the other; what each look reads. */
function looks(pauses: readonly number[]): readonly number[] {
  const histograms = [new ExactHistogram(), new ExactHistogram()] as const;
  const lag = new LoopLag(histograms, { looks: 10, samples: 250, resolutionMs: 20 });
  const read: number[] = [];
  let elapsed = 0;
  for (const pause of pauses) {
    for (const histogram of histograms) histogram.add(pause);
    elapsed += pause;
    for (; elapsed >= lookMs; elapsed -= lookMs) read.push(lag.read());
  }
  return read;
}

const calm = (seconds: number): readonly number[] => Array.from({ length: seconds * 50 }, () => 20);
const most = (pauses: readonly number[]): number => Math.max(...looks(pauses));

describe("the lag of a loop", () => {
  test.each([
    { name: "is none while it is in time", pauses: calm(10), expected: 0 },
    { name: "is not that of its start", pauses: [1500, ...calm(10)], expected: 0 },
    { name: "is not a single long pause", pauses: [...calm(3), 900, ...calm(10)], expected: 0 },
    { name: "is not two of them", pauses: [...calm(3), 900, 900, ...calm(10)], expected: 0 },
    {
      name: "is that of three in five seconds",
      pauses: [...calm(3), 900, 700, 400, ...calm(5)],
      expected: 380,
    },
    {
      name: "is none of pauses that are far apart",
      pauses: [900, ...calm(5), 900, ...calm(5), 900],
      expected: 0,
    },
    {
      name: "is that of a loop that is always late",
      pauses: Array.from({ length: 20 }, () => 320),
      expected: 300,
    },
  ])("$name", ({ pauses, expected }) => {
    expect(most(pauses)).toBe(expected);
  });

  test("is seen within three pauses, and over within five seconds", () => {
    const read = looks([...Array.from({ length: 10 }, () => 500), ...calm(6)]);
    expect(read.findIndex((lagMs) => lagMs > 200)).toBe(2);
    const lastLate = read.findLastIndex((lagMs) => lagMs > 200);
    expect((lastLate + 1 - 10) * lookMs).toBeLessThanOrEqual(5000);
  });

  test("does not flap while the loop goes on being late", () => {
    const read = looks(Array.from({ length: 60 }, () => 500));
    expect(read.slice(2).every((lagMs) => lagMs > 200)).toBe(true);
  });
});
