import { FakeClock } from "@lmos/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { Precedence } from "./precedence.ts";

const { signal } = new AbortController();
let clock: FakeClock;
let precedence: Precedence;
let written: string[];

beforeEach(() => {
  clock = new FakeClock();
  precedence = new Precedence(clock);
  written = [];
});

/** Urgent writes under way; each ends with `end`. */
function startUrgent(count: number): readonly { readonly end: () => void; readonly done: Promise<void> }[] {
  return Array.from({ length: count }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { end: resolve, done: precedence.urgent(() => promise) };
  });
}

async function writePatiently(name: string, options = { signal }): Promise<void> {
  await precedence.patient(async () => void written.push(name), options);
}

describe("a write that can wait", () => {
  it.each([
    { urgent: 0, waits: false },
    { urgent: 3, waits: false },
    { urgent: 4, waits: true },
    { urgent: 128, waits: true },
  ])("beside $urgent urgent ones waits: $waits", async ({ urgent, waits }) => {
    startUrgent(urgent);
    const writing = writePatiently("status");
    await clock.advance(0);
    expect(written).toEqual(waits ? [] : ["status"]);
    await clock.advance(500);
    await writing;
  });

  it("goes on as soon as few enough are left, and leaves no timer", async () => {
    const urgent = startUrgent(5);
    const writing = writePatiently("status");
    for (const { end, done } of urgent.slice(0, 1)) {
      end();
      await done;
    }
    await clock.advance(0);
    expect(written).toEqual([]);
    urgent[1]?.end();
    await writing;
    expect(written).toEqual(["status"]);
    expect(clock.sleeping).toBe(0);
  });

  it("waits half a second at most", async () => {
    startUrgent(10);
    const writing = writePatiently("status");
    await clock.advance(499);
    expect(written).toEqual([]);
    await clock.advance(1);
    await writing;
    expect(written).toEqual(["status"]);
  });

  it("is not made when its signal is aborted while it waits", async () => {
    startUrgent(10);
    const stop = new AbortController();
    const writing = writePatiently("status", { signal: stop.signal });
    stop.abort(new Error("over"));
    await expect(writing).rejects.toThrow("over");
    expect(written).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });
});

it("counts an urgent write that fails as ended", async () => {
  const failing = Array.from({ length: 10 }, () => precedence.urgent(() => Promise.reject(new Error("no"))));
  await Promise.allSettled(failing);
  await writePatiently("status");
  expect(written).toEqual(["status"]);
});
