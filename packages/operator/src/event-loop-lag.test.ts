import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { watchEventLoop } from "./event-loop-lag.ts";

it("tells a number of milliseconds, also when its window is over and when nothing was seen in it", async () => {
  const clock = new FakeClock();
  using lag = watchEventLoop(clock);
  const readings = [lag.p99Ms()];
  await clock.advance(61_000);
  readings.push(lag.p99Ms(), lag.p99Ms());
  for (const reading of readings) expect(reading).toBeGreaterThanOrEqual(0);
});
