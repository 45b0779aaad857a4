import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startIdleTimer } from "./idle-timer.ts";

const idleMs = 1_000;

function start(signal = new AbortController().signal) {
  const clock = new FakeClock();
  return { clock, timer: startIdleTimer("watch Widget", idleMs, { signal, clock }) };
}

describe("an idle timer", () => {
  it("goes off when nothing was heard for that long", async () => {
    const { clock, timer } = start();
    await clock.advance(idleMs - 1);
    expect(timer.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(timer.signal.reason).toMatchObject({ code: "Timeout" });
    expect(String(timer.signal.reason)).toContain("watch Widget: nothing heard for 1000 ms");
  });

  it("is aborted with its parent, for its reason", () => {
    const parent = new AbortController();
    const { timer } = start(parent.signal);
    parent.abort(new Error("enough"));
    expect(timer.signal.reason).toMatchObject({ message: "enough" });
  });

  it("leaves no sleeper behind", async () => {
    const { clock, timer } = start();
    timer[Symbol.dispose]();
    await clock.advance(10 * idleMs);
    expect(timer.signal.aborted).toBe(false);
    expect(clock.sleeping).toBe(0);
  });

  it("goes off exactly when a silence is too long, whenever something is heard", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_300), { maxLength: 30 }), async (silences) => {
        const { clock, timer } = start();
        let tooLong = false;
        for (const ms of silences) {
          await clock.advance(ms);
          tooLong ||= ms >= idleMs;
          expect(timer.signal.aborted).toBe(tooLong);
          timer.touch();
          expect(clock.sleeping).toBeLessThanOrEqual(1); // one sleeper, however much is heard
        }
      }),
    ));
});
