import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import type { ModelCallOptions } from "./chat-model.ts";
import { callGuarded, type ModelCall } from "./guarded-call.ts";
import { createMinuteBudget } from "./minute-budget.ts";
import type { ModelGuard } from "./model-guard.ts";

type Admission = ReturnType<ModelGuard["admit"]>;

/** A guard that admits as it is told, and notes what it hears. */
function notingGuard(admission: Admission = "go"): { readonly guard: ModelGuard; readonly heard: string[] } {
  const heard: string[] = [];
  const note = (what: string) => (): void => void heard.push(what);
  return {
    heard,
    guard: {
      admit: () => admission,
      answered: note("answered"),
      failed: note("failed"),
      abandoned: note("abandoned"),
    },
  };
}

const most = { input: 200, output: 100, source: "estimated" } as const;
const never = (): Promise<string> => new Promise(() => undefined);

describe("callGuarded", () => {
  it("gives the answer, and tells the guard", async () => {
    const { guard, heard } = notingGuard();
    const { signal } = new AbortController();
    const said = await callGuarded(async () => "c1", {
      guard,
      clock: new FakeClock(),
      timeoutMs: 5,
      most,
      signal,
    });
    expect({ said, heard }).toEqual({ said: { kind: "answered", text: "c1" }, heard: ["answered"] });
  });

  it.each(["over-budget", "resting"] as const)("asks nothing when the guard says %s", async (admission) => {
    const { guard, heard } = notingGuard(admission);
    let calls = 0;
    const call = async (): Promise<string> => String(calls++);
    const { signal } = new AbortController();
    const said = await callGuarded(call, { guard, clock: new FakeClock(), timeoutMs: 5, most, signal });
    expect({ said, heard, calls }).toEqual({
      said: { kind: "failed", failure: admission },
      heard: [],
      calls: 0,
    });
  });

  it("fails as unavailable when the call is rejected", async () => {
    const { guard, heard } = notingGuard();
    const { signal } = new AbortController();
    const said = await callGuarded(() => Promise.reject(new Error("429")), {
      ...{ guard, clock: new FakeClock(), timeoutMs: 5, most, signal },
    });
    expect({ said, heard }).toEqual({ said: { kind: "failed", failure: "unavailable" }, heard: ["failed"] });
  });

  it("fails as a time-out at its deadline, also when the call doesn't listen", async () => {
    const { guard, heard } = notingGuard();
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const calling = callGuarded(never, { guard, clock, timeoutMs: 1500, most, signal });
    await clock.advance(1500);
    expect(await calling).toEqual({ kind: "failed", failure: "timeout" });
    expect(heard).toEqual(["failed"]);
  });

  it("ends with who asked, which says nothing about the model", async () => {
    const { guard, heard } = notingGuard();
    const asking = new AbortController();
    const reason = new Error("gone");
    const calling = callGuarded(never, {
      guard,
      clock: new FakeClock(),
      timeoutMs: 5,
      most,
      signal: asking.signal,
    });
    asking.abort(reason);
    await expect(calling).rejects.toBe(reason);
    expect(heard).toEqual(["abandoned"]);
  });

  it("hands the call a signal that ends with the deadline", async () => {
    const { guard } = notingGuard();
    const clock = new FakeClock();
    let handed: AbortSignal | undefined;
    const call = (options: ModelCallOptions): Promise<string> => {
      handed = options.signal;
      return never();
    };
    const { signal } = new AbortController();
    const calling = callGuarded(call, { guard, clock, timeoutMs: 10, most, signal });
    expect(handed?.aborted).toBe(false);
    await clock.advance(10);
    await calling;
    expect(handed?.aborted).toBe(true);
  });
});

describe("S12 the tokens of a call", () => {
  const reported = { input: 150, output: 10, source: "reported" } as const;

  function spending(perMinute = 1000) {
    const clock = new FakeClock();
    const tokens = createMinuteBudget(perMinute, clock);
    const calls: ModelCall[] = [];
    const onCall = (call: ModelCall): void => void calls.push(call);
    const leaving = new AbortController();
    const ask = (call: (options: ModelCallOptions) => Promise<string>, admission: Admission = "go") =>
      callGuarded(call, {
        ...{ ...notingGuard(admission), clock, timeoutMs: 50, most, tokens, onCall },
        signal: leaving.signal,
      });
    /** What is left of the budget, found by trying. */
    const left = (): number => {
      let amount = perMinute;
      while (amount >= 0 && !tokens.hasLeft(amount)) amount--;
      return amount;
    };
    return { clock, ask, calls, left, leaving };
  }
  const telling = ({ onUsage }: ModelCallOptions): void => onUsage(reported);

  it("are what the service says", async () => {
    const { ask, calls, left } = spending();
    await ask(async (options) => {
      telling(options);
      return "c1";
    });
    expect({ calls, left: left() }).toEqual({ calls: [{ outcome: "answered", usage: reported }], left: 840 });
  });

  it("are estimated by what was asked and answered where it says nothing", async () => {
    const { ask, calls, left } = spending();
    await ask(async () => "c".repeat(30));
    const usage = { input: 200, output: 10, source: "estimated" };
    expect({ calls, left: left() }).toEqual({ calls: [{ outcome: "answered", usage }], left: 790 });
  });

  it("are none where the service could not be asked", async () => {
    const { ask, calls, left } = spending();
    await ask(() => Promise.reject(new Error("refused")));
    expect({ calls, left: left() }).toEqual({
      calls: [{ outcome: "unavailable", usage: undefined }],
      left: 1000,
    });
  });

  it("count where it told them and then failed", async () => {
    const { ask, calls, left } = spending();
    await ask((options) => {
      telling(options);
      return Promise.reject(new Error("no message"));
    });
    expect({ calls, left: left() }).toEqual({
      calls: [{ outcome: "unavailable", usage: reported }],
      left: 840,
    });
  });

  it("are as many as they can have been when it was too slow: it may go on", async () => {
    const { ask, calls, left, clock } = spending();
    const asking = ask(never);
    await clock.advance(50);
    await asking;
    expect({ calls, left: left() }).toEqual({ calls: [{ outcome: "timeout", usage: most }], left: 700 });
  });

  it("are as many as they can have been when whoever asked has gone", async () => {
    const { ask, calls, left, leaving } = spending();
    const asking = ask(never);
    leaving.abort(new Error("gone"));
    await expect(asking).rejects.toThrow("gone");
    expect({ calls, left: left() }).toEqual({ calls: [{ outcome: "abandoned", usage: most }], left: 700 });
  });

  it("are set aside before it begins, so that many at once are no more than there is", async () => {
    const { ask, calls, left } = spending(1000);
    const answer = Promise.withResolvers<string>();
    const asking = Array.from({ length: 20 }, () => ask(() => answer.promise));
    expect(left()).toBe(100);
    answer.resolve("c1");
    const said = await Promise.all(asking);
    expect(said.filter(({ kind }) => kind === "answered")).toHaveLength(3);
    expect(said.filter((each) => each.kind === "failed" && each.failure === "over-budget")).toHaveLength(17);
    expect(calls.filter(({ usage }) => usage === undefined)).toHaveLength(17);
  });

  it("are given back where the guard does not let it", async () => {
    const { ask, calls, left } = spending();
    await ask(async () => "c1", "resting");
    expect({ calls, left: left() }).toEqual({
      calls: [{ outcome: "resting", usage: undefined }],
      left: 1000,
    });
  });

  it("are there again after a minute", async () => {
    const { ask, clock } = spending(300);
    const call = async ({ onUsage }: ModelCallOptions): Promise<string> => {
      onUsage({ input: 5000, output: 1, source: "reported" });
      return "c1";
    };
    expect(await ask(call)).toMatchObject({ kind: "answered" });
    expect(await ask(call)).toEqual({ kind: "failed", failure: "over-budget" });
    await clock.advance(60_000);
    expect(await ask(call)).toMatchObject({ kind: "answered" });
  });
});
