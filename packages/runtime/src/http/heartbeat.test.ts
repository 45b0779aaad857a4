import { FakeClock } from "@lmos/testing";
import { beforeEach, expect, test } from "vitest";
import { Heartbeat } from "./heartbeat.ts";

let clock: FakeClock;
let written: string[];
let response: { writableNeedDrain: boolean; write(text: string): boolean };
let heartbeat: Heartbeat;

beforeEach(() => {
  clock = new FakeClock();
  written = [];
  response = { writableNeedDrain: false, write: (text) => written.push(text) > 0 };
  heartbeat = new Heartbeat(response, { clock, limits: { keepAliveMs: 10_000 } });
});

test("writes a comment at each interval, and none before the first is over", async () => {
  await clock.advance(9_999);
  expect(written).toEqual([]);
  await clock.advance(20_001);
  expect(written).toEqual([": keep-alive\n\n", ": keep-alive\n\n", ": keep-alive\n\n"]);
});

test("adds nothing to what a reader is behind with, and goes on once it has read", async () => {
  response.writableNeedDrain = true;
  await clock.advance(30_000);
  expect(written).toEqual([]);
  response.writableNeedDrain = false;
  await clock.advance(10_000);
  expect(written).toHaveLength(1);
});

test("is over when it is stopped, and leaves no timer", async () => {
  await clock.advance(10_000);
  heartbeat.stop();
  heartbeat.stop();
  await clock.advance(60_000);
  expect([written.length, clock.sleeping]).toEqual([1, 0]);
});
