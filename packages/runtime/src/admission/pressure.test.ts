import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { Pressure, type ProcessGauges } from "./pressure.ts";
import { openProcessGauges } from "./process-gauges.ts";

function pressureAt(values: { readonly lag?: number; readonly heap?: number; readonly files?: number }) {
  const state = { lag: 0, heap: 0, files: 0, ...values };
  const gauges: ProcessGauges = {
    lagMs: () => state.lag,
    heapShare: () => state.heap,
    openFilesShare: () => state.files,
  };
  const clock = new FakeClock();
  return { pressure: new Pressure({ gauges, clock }), clock, state };
}

const rows = [
  { name: "nothing", values: {}, cause: undefined },
  { name: "a loop that is late by 200 ms", values: { lag: 200 }, cause: undefined },
  { name: "a loop that is later", values: { lag: 201 }, cause: "loop-lag" },
  { name: "a heap at 85 %", values: { heap: 0.85 }, cause: undefined },
  { name: "a heap above", values: { heap: 0.86 }, cause: "heap" },
  { name: "files at 85 %", values: { files: 0.85 }, cause: undefined },
  { name: "files above", values: { files: 0.99 }, cause: "open-files" },
  { name: "all at once", values: { lag: 999, heap: 0.99, files: 0.99 }, cause: "heap" },
  { name: "a late loop and many files", values: { lag: 999, files: 0.99 }, cause: "open-files" },
];

describe("a process is in trouble by", () => {
  test.each(rows)("$name: $cause", ({ values, cause }) => {
    const { pressure } = pressureAt(values);
    pressure.look();
    expect(pressure.cause).toBe(cause);
  });
});

test("it is looked at twice a second, and well again when the cause is gone", async () => {
  const { pressure, clock, state } = pressureAt({ heap: 0.9 });
  const stop = new AbortController();
  const running = pressure.run({ signal: stop.signal });
  expect(pressure.cause).toBeUndefined();
  await clock.advance(500);
  expect(pressure.cause).toBe("heap");
  state.heap = 0.5;
  await clock.advance(500);
  expect(pressure.cause).toBeUndefined();
  stop.abort();
  await running;
});

test("the gauges of this process tell shares", () => {
  using gauges = openProcessGauges();
  expect(gauges.heapShare()).toBeGreaterThan(0);
  expect(gauges.heapShare()).toBeLessThan(1);
  expect(gauges.openFilesShare()).toBeLessThan(1);
  expect(gauges.lagMs()).toBeLessThan(60_000);
});
