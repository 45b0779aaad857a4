import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { startStallWatch } from "./stall-watch.ts";

it("knows how long nothing could run", async () => {
  using stalls = startStallWatch();
  await sleep(30); // it measures by timers of its own
  const until = performance.now() + 80;
  while (performance.now() < until);
  await sleep(30);
  expect(stalls.longestMs()).toBeGreaterThanOrEqual(60);
});
