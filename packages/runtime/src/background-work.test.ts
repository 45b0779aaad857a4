import { whenAborted } from "@lmos/primitives";
import { describe, expect, test } from "vitest";
import { BackgroundWork } from "./background-work.ts";
import { type LogLine, recordingLogger } from "./testing/recording-logger.ts";

function setUp() {
  const lines: LogLine[] = [];
  return { lines, work: new BackgroundWork(recordingLogger(lines)) };
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
    expect([work.whole, ended, lines]).toEqual([true, ["a", "b"], []]);
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
  ];
  test.each(failures)("a part that $name is told of, and the others go on", async ({ part, told }) => {
    const { work, lines } = setUp();
    let stopped = false;
    work.start("other", async ({ signal }) => {
      await whenAborted(signal);
      stopped = true;
    });
    work.start("broken", part);
    await expect.poll(() => work.whole).toBe(false);
    expect([stopped, lines]).toEqual([false, [expect.objectContaining({ part: "broken", error: told })]]);
    await work.stop();
    expect([stopped, lines.length]).toEqual([true, 1]);
  });

  test("a part that fails while it is stopped is told of, and stopping ends all the same", async () => {
    const { work, lines } = setUp();
    work.start("broken", async ({ signal }) => {
      await whenAborted(signal);
      throw new Error("cannot stop");
    });
    await expect(work.stop()).resolves.toBeUndefined();
    expect(lines).toEqual([expect.objectContaining({ part: "broken", error: "cannot stop" })]);
  });
});
