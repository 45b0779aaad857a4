import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { afterProbe, unprobed, watchReadiness } from "./readiness.ts";

test.each([
  { name: "is not ready before its first success", probes: [false, false], ready: false },
  { name: "is ready after one success", probes: [false, true], ready: true },
  { name: "stays ready over two failures", probes: [true, false, false], ready: true },
  { name: "is not ready after three failures in a row", probes: [true, false, false, false], ready: false },
  { name: "counts failures in a row only", probes: [true, false, false, true, false, false], ready: true },
  { name: "is ready again after one success", probes: [true, false, false, false, true], ready: true },
])("$name", ({ probes, ready }) => {
  expect(probes.reduce(afterProbe, unprobed).ready).toBe(ready);
});

test("probes every 250 ms while starting, then every second, and tells of changes only", async () => {
  const clock = new FakeClock(0);
  const stop = new AbortController();
  const probedAt: number[] = [];
  const changes: string[] = [];
  const prober = {
    probe: () => {
      probedAt.push(clock.now());
      return Promise.resolve(clock.now() === 500);
    },
  };
  const onChange = (ready: boolean): void => void changes.push(`${clock.now()} ${ready}`);
  const target = { port: 1, path: "/" };
  const watching = watchReadiness({ prober, target, onChange, clock, signal: stop.signal });
  await clock.advance(3600);
  stop.abort();
  await watching;
  expect(probedAt).toEqual([0, 250, 500, 1500, 2500, 3500]);
  expect(changes).toEqual(["500 true", "3500 false"]);
});
