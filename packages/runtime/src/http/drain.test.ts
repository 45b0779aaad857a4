import { EventEmitter } from "node:events";
import { DeadlineExceededError } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { drained, isStalledReader } from "./drain.ts";

let clock: FakeClock;
let response: EventEmitter;
let stop: AbortController;

beforeEach(() => {
  clock = new FakeClock();
  response = new EventEmitter();
  stop = new AbortController();
});

const wait = (): Promise<void> =>
  drained(response, { clock, limits: { stalledReaderMs: 30_000 }, signal: stop.signal });

/** Listeners and timers that are left. */
async function leftovers(): Promise<number> {
  await clock.advance(0);
  return response.listenerCount("drain") + response.listenerCount("error") + clock.sleeping;
}

describe("a client that has more to read than it should", () => {
  const rows: readonly { readonly name: string; readonly happens: () => unknown; readonly seen: unknown }[] =
    [
      { name: "reads", happens: () => response.emit("drain"), seen: "drained" },
      {
        name: "breaks: its close will tell",
        happens: () => response.emit("error", new Error("x")),
        seen: "drained",
      },
      { name: "is gone", happens: () => stop.abort("gone"), seen: "gone" },
      {
        name: "takes nothing",
        happens: () => clock.advance(30_000),
        seen: expect.any(DeadlineExceededError),
      },
    ];

  test.each(rows)("$name", async ({ happens, seen }) => {
    const waiting = wait().then(
      () => "drained",
      (error: unknown) => error,
    );
    await clock.advance(29_000);
    expect(await leftovers()).toBe(3);
    await happens();
    expect(await waiting).toEqual(seen);
    expect(await leftovers()).toBe(0);
  });

  test("is not waited for when it is gone already", async () => {
    stop.abort("gone");
    await expect(wait()).rejects.toBe("gone");
    expect(await leftovers()).toBe(0);
  });

  test("is waited for as often as it is slow, each time anew", async () => {
    for (let times = 0; times < 20; times++) {
      const waiting = wait();
      await clock.advance(29_000);
      response.emit("drain");
      await waiting;
    }
    expect(await leftovers()).toBe(0);
  });
});

test.each([
  { name: "that time is over", error: new DeadlineExceededError("x", 1), stalled: true },
  { name: "anything else", error: new Error("the client is gone"), stalled: false },
])("a reader has stalled by $name: $stalled", ({ error, stalled }) => {
  expect(isStalledReader(error)).toBe(stalled);
});
