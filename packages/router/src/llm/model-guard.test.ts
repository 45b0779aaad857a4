import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createModelGuard, type ModelGuard, shareModelGuard } from "./model-guard.ts";

function failing(guard: ModelGuard, times: number): void {
  for (let i = 0; i < times; i++) {
    expect(guard.admit()).toBe("go");
    guard.failed();
  }
}

describe("createModelGuard", () => {
  it("lets a model rest after three failures in a row, and tries it once after ten seconds", async () => {
    const clock = new FakeClock();
    const guard = createModelGuard({ clock });
    failing(guard, 3);
    expect(guard.admit()).toBe("resting");
    await clock.advance(9_999);
    expect(guard.admit()).toBe("resting");
    await clock.advance(1);
    expect(guard.admit()).toBe("go");
    expect(guard.admit()).toBe("resting");
    guard.answered();
    expect([guard.admit(), guard.admit()]).toEqual(["go", "go"]);
  });

  it("doubles the rest with every try that fails, up to a minute", async () => {
    const clock = new FakeClock();
    const guard = createModelGuard({ clock });
    failing(guard, 3);
    for (const rest of [10_000, 20_000, 40_000, 60_000, 60_000]) {
      await clock.advance(rest - 1);
      expect(guard.admit()).toBe("resting");
      await clock.advance(1);
      failing(guard, 1);
    }
  });

  it.each([3, 4, 8, 100])(
    "rests ten seconds, though %i calls were under way when it stalled",
    async (calls) => {
      const clock = new FakeClock();
      const guard = createModelGuard({ clock, callsPerMinute: 1000 });
      for (let call = 0; call < calls; call++) expect(guard.admit()).toBe("go");
      for (let call = 0; call < calls; call++) guard.failed();
      await clock.advance(9_999);
      expect(guard.admit()).toBe("resting");
      await clock.advance(1);
      expect(guard.admit()).toBe("go");
      guard.failed();
      await clock.advance(19_999);
      expect(guard.admit()).toBe("resting");
      await clock.advance(1);
      expect(guard.admit()).toBe("go");
    },
  );

  it("ends a rest when a call from before it is answered after all", () => {
    const guard = createModelGuard({ clock: new FakeClock() });
    for (let call = 0; call < 4; call++) guard.admit();
    for (let call = 0; call < 3; call++) guard.failed();
    expect(guard.admit()).toBe("resting");
    guard.answered();
    expect(guard.admit()).toBe("go");
    failing(guard, 2);
    expect(guard.admit()).toBe("go");
    guard.failed();
    expect(guard.admit()).toBe("resting");
  });

  it("counts failures in a row only", () => {
    const guard = createModelGuard({ clock: new FakeClock() });
    for (let i = 0; i < 10; i++) {
      failing(guard, 2);
      expect(guard.admit()).toBe("go");
      guard.answered();
    }
  });

  it("tries again when whoever tried has given up", async () => {
    const clock = new FakeClock();
    const guard = createModelGuard({ clock });
    failing(guard, 3);
    await clock.advance(10_000);
    expect(guard.admit()).toBe("go");
    guard.abandoned();
    expect(guard.admit()).toBe("go");
  });

  it("allows no more than the budget within any minute, however the calls fall", async () => {
    const moves = fc.array(fc.nat(20_000), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(moves, fc.integer({ min: 1, max: 5 }), async (pauses, callsPerMinute) => {
        const clock = new FakeClock();
        const guard = createModelGuard({ clock, callsPerMinute });
        const admitted: number[] = [];
        for (const pause of pauses) {
          await clock.advance(pause);
          if (guard.admit() !== "go") continue;
          guard.answered();
          admitted.push(clock.monotonic());
        }
        for (const at of admitted) {
          const within = admitted.filter((other) => other >= at && other - at < 60_000);
          expect(within.length).toBeLessThanOrEqual(callsPerMinute);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("a share of a guard", () => {
  function shared() {
    const clock = new FakeClock();
    const guard = createModelGuard({ clock, callsPerMinute: 10 });
    const [noisy, quiet] = [4, 4].map((callsPerMinute) => shareModelGuard(guard, { clock, callsPerMinute }));
    if (noisy === undefined || quiet === undefined) throw new TypeError("two were made");
    return { clock, guard, noisy, quiet };
  }
  const ask = (guard: ModelGuard, times: number): readonly string[] =>
    Array.from({ length: times }, () => {
      const admission = guard.admit();
      if (admission === "go") guard.answered();
      return admission;
    });
  const goes = (admissions: readonly string[]): number => admissions.filter((each) => each === "go").length;

  it("allows no more than its own calls, and leaves the others theirs", () => {
    const { noisy, quiet } = shared();
    expect(goes(ask(noisy, 100))).toBe(4);
    expect(goes(ask(quiet, 100))).toBe(4);
  });

  it("is no more than there is for all", () => {
    const { guard, noisy, quiet } = shared();
    expect(goes(ask(guard, 7))).toBe(7);
    expect([goes(ask(noisy, 9)), goes(ask(quiet, 9))]).toEqual([3, 0]);
  });

  it("is there again after a minute", async () => {
    const { clock, noisy } = shared();
    ask(noisy, 9);
    await clock.advance(60_000);
    expect(goes(ask(noisy, 9))).toBe(4);
  });

  it("rests with the model, and has not paid for what was not asked", async () => {
    const { clock, guard, noisy } = shared();
    for (let failure = 0; failure < 3; failure++) {
      expect(guard.admit()).toBe("go");
      guard.failed();
    }
    expect(new Set(ask(noisy, 20))).toEqual(new Set(["resting"]));
    await clock.advance(10_000);
    expect(goes(ask(noisy, 20))).toBe(4);
  });

  it("tells the guard what became of its calls", () => {
    const { guard, noisy, quiet } = shared();
    for (const share of [noisy, quiet, noisy]) {
      expect(share.admit()).toBe("go");
      share.failed();
    }
    expect(guard.admit()).toBe("resting");
  });
});
