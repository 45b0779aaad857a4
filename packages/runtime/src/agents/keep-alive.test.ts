import { EventEmitter } from "node:events";
import { FakeClock } from "@lmos/testing";
import { beforeEach, expect, test } from "vitest";
import { watchSocket } from "./keep-alive.ts";

class FakeSocket extends EventEmitter {
  pings = 0;

  ping(): void {
    this.pings += 1;
  }
}

let clock: FakeClock;
let socket: FakeSocket;
let stop: AbortController;
let unresponsive: number;
let paused: boolean;
let expired: number | undefined;

beforeEach(() => {
  clock = new FakeClock();
  socket = new FakeSocket();
  stop = new AbortController();
  unresponsive = 0;
  paused = false;
  expired = undefined;
  watchSocket(socket, {
    clock,
    limits: { pingAfterMs: 10_000, pongWithinMs: 5000 },
    signal: stop.signal,
    isPaused: () => paused,
    isExpired: () => expired !== undefined,
    onExpired: () => {
      expired = (expired ?? 0) + 1;
    },
    onUnresponsive: () => {
      unresponsive += 1;
    },
  });
});

test("reports a socket on which nobody answers 15 s after its last sign of life", async () => {
  await clock.advance(14_999);
  expect([socket.pings, unresponsive]).toEqual([1, 0]);
  await clock.advance(1);
  expect(unresponsive).toBe(1);
});

test.each(["message", "ping", "pong"])("takes a %s for a sign of life", async (event) => {
  await clock.advance(12_000);
  socket.emit(event);
  await clock.advance(10_000);
  expect(unresponsive).toBe(0);
});

test("leaves a socket alone that speaks", async () => {
  for (let i = 0; i < 5; i++) {
    await clock.advance(9000);
    socket.emit("message");
  }
  expect(socket.pings).toBe(0);
});

test("doesn't blame a socket that isn't read", async () => {
  paused = true;
  await clock.advance(60_000);
  expect([socket.pings, unresponsive]).toEqual([0, 0]);
});

test("ends with its signal", async () => {
  stop.abort();
  await clock.advance(60_000);
  expect([socket.pings, unresponsive, clock.sleeping]).toEqual([0, 0, 0]);
});

test("says once that a socket has expired, and watches it no longer", async () => {
  expired = 0;
  await clock.advance(60_000);
  expect([expired, socket.pings, clock.sleeping]).toEqual([1, 0, 0]);
});
