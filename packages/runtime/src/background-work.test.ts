import { whenAborted } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { type BackgroundPart, BackgroundWork, together } from "./background-work.ts";
import { type LogLine, recordingLogger } from "./testing/recording-logger.ts";

function setUp() {
  const lines: LogLine[] = [];
  const clock = new FakeClock();
  return { lines, clock, work: new BackgroundWork({ clock, logger: recordingLogger(lines) }) };
}

/** Runs until it is stopped, but fails at once as often as it is told to; counts its starts. */
function failing(times: number) {
  const state = { starts: 0, times };
  const part: BackgroundPart = async ({ signal }) => {
    state.starts += 1;
    if (state.starts <= state.times) throw new Error(`failure ${state.starts}`);
    await whenAborted(signal);
  };
  return { part, state };
}

describe("background work", () => {
  test("runs until it is stopped, and is whole", async () => {
    const { work, lines } = setUp();
    const ended: string[] = [];
    for (const name of ["a", "b"])
      work.start(name, async ({ signal }) => {
        await whenAborted(signal);
        ended.push(name);
      });
    expect([work.whole, ended]).toEqual([true, []]);
    await work.stop();
    expect([work.whole, work.failures, ended, lines]).toEqual([true, {}, ["a", "b"], []]);
  });

  test("is whole when a part has nothing more to do, and starts it no more", async () => {
    const { work, clock, lines } = setUp();
    let starts = 0;
    work.start("short", async () => {
      starts += 1;
    });
    await clock.advance(3_600_000);
    expect([work.whole, starts, lines, clock.sleeping]).toEqual([true, 1, [], 0]);
    await work.stop();
  });

  const failures: readonly {
    readonly name: string;
    readonly part: () => Promise<void>;
    readonly told: string;
  }[] = [
    { name: "rejects", part: () => Promise.reject(new Error("broken")), told: "broken" },
    {
      name: "throws before it waits",
      part: () => {
        throw new Error("broken at once");
      },
      told: "broken at once",
    },
    {
      name: "fails later",
      part: () => Promise.resolve().then(() => Promise.reject(new Error("late"))),
      told: "late",
    },
    { name: "rejects with what is no error", part: () => Promise.reject("just a word"), told: "just a word" },
  ];
  test.each(failures)("a part that $name is told of, and the others go on", async ({ part, told }) => {
    const { work, clock, lines } = setUp();
    let stopped = false;
    work.start("other", async ({ signal }) => {
      await whenAborted(signal);
      stopped = true;
    });
    work.start("broken", part);
    await clock.advance(0);
    expect([work.whole, stopped]).toEqual([false, false]);
    expect([lines, work.failures]).toEqual([
      [expect.objectContaining({ level: "error", part: "broken", failures: 1, error: told })],
      { broken: 1 },
    ]);
    await work.stop();
    expect([stopped, lines.length]).toEqual([true, 1]);
  });

  test("a part that fails while it is stopped is told of, and stopping ends all the same", async () => {
    const { work, lines, clock } = setUp();
    work.start("broken", async ({ signal }) => {
      await whenAborted(signal);
      throw new Error("cannot stop");
    });
    await expect(work.stop()).resolves.toBeUndefined();
    expect(lines).toEqual([expect.objectContaining({ part: "broken", error: "cannot stop" })]);
    expect(clock.sleeping).toBe(0);
  });
});

describe("a part that fails", () => {
  test("is started again after a second, and all is whole then", async () => {
    const { work, clock } = setUp();
    const { part, state } = failing(1);
    work.start("part", part);
    await clock.advance(999);
    expect([state.starts, work.whole]).toEqual([1, false]);
    await clock.advance(1);
    expect([state.starts, work.whole, work.failures]).toEqual([2, true, { part: 1 }]);
    await work.stop();
  });

  test("is started less and less often, at last every minute", async () => {
    const { work, clock } = setUp();
    const { part, state } = failing(Number.POSITIVE_INFINITY);
    work.start("part", part);
    const starts: number[] = [];
    for (const waitMs of [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      await clock.advance(waitMs);
      starts.push(state.starts);
    }
    expect(starts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await clock.advance(3_600_000);
    expect(state.starts).toBe(69);
    await work.stop();
  });

  test.each([
    { name: "four times is whole as soon as it runs", times: 4, whole: true },
    { name: "five times is not, until it has run for ten minutes", times: 5, whole: false },
  ])("$name", async ({ times, whole }) => {
    const { work, clock } = setUp();
    const { part, state } = failing(times);
    work.start("part", part);
    while (state.starts <= times) await clock.advance(1000);
    expect(work.whole).toBe(whole);
    await clock.advance(599_000);
    expect(work.whole).toBe(whole);
    await clock.advance(1000);
    expect([work.whole, state.starts]).toEqual([true, times + 1]);
    await work.stop();
  });

  test("has its failures forgotten once it has run for ten minutes", async () => {
    const { work, clock, lines } = setUp();
    const fail = { now: Promise.withResolvers<void>() };
    work.start("part", () => fail.now.promise);
    const failAfter = async (ms: number): Promise<void> => {
      await clock.advance(ms);
      const { reject } = fail.now;
      fail.now = Promise.withResolvers();
      reject(new Error("again"));
      await clock.advance(0);
    };
    for (const ms of [0, 1000, 2000, 604_000, 1000]) await failAfter(ms);
    expect(lines.map(({ failures }) => failures)).toEqual([1, 2, 3, 1, 2]);
    await clock.advance(2000);
    expect([work.whole, work.failures]).toEqual([true, { part: 5 }]);
    fail.now.resolve();
    await work.stop();
  });

  test("is not started again when all is stopped while it waits", async () => {
    const { work, clock } = setUp();
    const { part, state } = failing(Number.POSITIVE_INFINITY);
    work.start("part", part);
    await clock.advance(0);
    await work.stop();
    await clock.advance(3_600_000);
    expect([state.starts, clock.sleeping]).toEqual([1, 0]);
  });

  test("keeps no other part from being whole or started", async () => {
    const { work, clock } = setUp();
    const [first, second] = [failing(1), failing(2)];
    work.start("first", first.part);
    work.start("second", second.part);
    await clock.advance(1000);
    expect([first.state.starts, second.state.starts, work.whole]).toEqual([2, 2, false]);
    await clock.advance(2000);
    expect([work.whole, work.failures]).toEqual([true, { first: 1, second: 2 }]);
    await work.stop();
  });
});

describe("parts as one", () => {
  const { signal } = new AbortController();

  test("end when all of them have", async () => {
    const slow = Promise.withResolvers<void>();
    let ended = false;
    const running = together([async () => undefined, () => slow.promise])({ signal }).then(() => {
      ended = true;
    });
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    slow.resolve();
    await running;
  });

  test("fail as the first of them does, when the others have ended", async () => {
    const events: string[] = [];
    const patient: BackgroundPart = async (call) => {
      await whenAborted(call.signal);
      await new Promise(setImmediate);
      events.push("ended");
    };
    const running = together([patient, () => Promise.reject(new Error("broken")), patient])({ signal });
    await running.catch((error: Error) => events.push(error.message));
    expect(events).toEqual(["ended", "ended", "broken"]);
  });

  test("end when they are stopped", async () => {
    const stop = new AbortController();
    const patient: BackgroundPart = (call) => whenAborted(call.signal);
    const running = together([patient, patient])({ signal: stop.signal });
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
