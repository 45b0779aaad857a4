import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { resyncPeriodically } from "./resync.ts";

const hourMs = 3_600_000;

describe("resyncPeriodically", () => {
  it("resyncs every nine to ten hours until it is stopped", async () => {
    const clock = new FakeClock();
    const startedAtMs = clock.monotonic();
    const stop = new AbortController();
    const times: number[] = [];
    const running = resyncPeriodically(() => times.push((clock.monotonic() - startedAtMs) / hourMs), {
      clock,
      random: new SeededRandom(1),
      signal: stop.signal,
    });
    await clock.advance(41 * hourMs);
    expect(times).toHaveLength(4);
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(9);
    for (const gap of gaps) expect(gap).toBeLessThanOrEqual(10);
    expect(new Set(gaps).size).toBe(4);
    stop.abort();
    await running;
    expect(clock.sleeping).toBe(0);
  });
});
