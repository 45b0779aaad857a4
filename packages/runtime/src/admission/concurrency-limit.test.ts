import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { ConcurrencyLimit, maxLatenessMs } from "./concurrency-limit.ts";

const min = 64;

function limitOf({ max, running }: { readonly max: number; readonly running: number }) {
  let grown = 0;
  const clock = new FakeClock();
  const onGrown = (): void => {
    grown += 1;
  };
  const limit = new ConcurrencyLimit({ clock, min, max, running: () => running, onGrown });
  return { limit, clock, grownTimes: () => grown };
}

test("falls by a fifth of what runs each time that the process is late again", () => {
  const { limit } = limitOf({ max: 1000, running: 200 });
  limit.adapt(maxLatenessMs + 1);
  expect(limit.value).toBe(1000);
  limit.adapt(maxLatenessMs + 1);
  expect(limit.value).toBe(160);
  limit.adapt(maxLatenessMs + 1);
  expect(limit.value).toBe(128);
});

test("never falls below what may always run, nor rises above its bound", () => {
  const low = limitOf({ max: 1000, running: 1 }).limit;
  for (let look = 0; look < 3; look++) low.adapt(1000);
  expect(low.value).toBe(min);
  const small = limitOf({ max: 2, running: 2 }).limit;
  for (let look = 0; look < 3; look++) small.adapt(1000);
  expect(small.value).toBe(2);
});

test("rises again within five seconds of being in time", () => {
  const { limit, grownTimes } = limitOf({ max: 1000, running: 1000 });
  for (let look = 0; look < 30; look++) limit.adapt(100);
  for (let look = 0; look < 100; look++) limit.adapt(0);
  expect(limit.value).toBe(1000);
  expect(grownTimes()).toBeGreaterThan(0);
});

test("stays where it is while less runs than may", () => {
  const { limit } = limitOf({ max: 1000, running: 20 });
  for (let look = 0; look < 2; look++) limit.adapt(100);
  const { value } = limit;
  limit.adapt(0);
  expect(limit.value).toBeGreaterThanOrEqual(value);
});

test("looks until its signal is aborted", async () => {
  const { limit, clock } = limitOf({ max: 10, running: 1 });
  const stop = new AbortController();
  const running = limit.run({ signal: stop.signal });
  await clock.advance(200);
  expect([limit.value, clock.sleeping]).toEqual([10, 1]);
  stop.abort();
  await running;
});
