import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { callGuarded } from "./guarded-call.ts";
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

const never = (): Promise<string> => new Promise(() => undefined);

describe("callGuarded", () => {
  it("gives the answer, and tells the guard", async () => {
    const { guard, heard } = notingGuard();
    const { signal } = new AbortController();
    const said = await callGuarded(async () => "c1", { guard, clock: new FakeClock(), timeoutMs: 5, signal });
    expect({ said, heard }).toEqual({ said: { kind: "answered", text: "c1" }, heard: ["answered"] });
  });

  it.each(["over-budget", "resting"] as const)("asks nothing when the guard says %s", async (admission) => {
    const { guard, heard } = notingGuard(admission);
    let calls = 0;
    const call = async (): Promise<string> => String(calls++);
    const { signal } = new AbortController();
    const said = await callGuarded(call, { guard, clock: new FakeClock(), timeoutMs: 5, signal });
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
      ...{ guard, clock: new FakeClock(), timeoutMs: 5, signal },
    });
    expect({ said, heard }).toEqual({ said: { kind: "failed", failure: "unavailable" }, heard: ["failed"] });
  });

  it("fails as a time-out at its deadline, also when the call doesn't listen", async () => {
    const { guard, heard } = notingGuard();
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const calling = callGuarded(never, { guard, clock, timeoutMs: 1500, signal });
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
    const call = ({ signal }: { readonly signal: AbortSignal }): Promise<string> => {
      handed = signal;
      return never();
    };
    const calling = callGuarded(call, { guard, clock, timeoutMs: 10, signal: new AbortController().signal });
    expect(handed?.aborted).toBe(false);
    await clock.advance(10);
    await calling;
    expect(handed?.aborted).toBe(true);
  });
});
