import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { type SignalledProcess, stopOnSignals } from "./stop-on-signals.ts";

type Name = Parameters<SignalledProcess["on"]>[0];

/** What is sent, and milliseconds that pass. */
type Step = Name | number;

async function after(steps: readonly Step[]): Promise<{ reason: unknown; exits: readonly number[] }> {
  const listeners = new Map<Name, () => void>();
  const exits: number[] = [];
  const process: SignalledProcess = {
    on: (name, listener) => listeners.set(name, listener),
    exit: (code) => void exits.push(code),
  };
  const clock = new FakeClock();
  const stop = new AbortController();
  stopOnSignals(stop, { process, clock });
  for (const step of steps) {
    if (typeof step === "number") await clock.advance(step);
    else listeners.get(step)?.();
  }
  const reason: unknown = stop.signal.reason;
  return { reason: reason instanceof Error ? reason.message : undefined, exits };
}

describe("a command", () => {
  it.each<{
    readonly name: string;
    readonly steps: readonly Step[];
    readonly reason: string | undefined;
    readonly exits: readonly number[];
  }>([
    { name: "runs while nothing comes", steps: [10_000], reason: undefined, exits: [] },
    { name: "is asked to stop by Ctrl-C", steps: ["SIGINT"], reason: "stopped by SIGINT", exits: [] },
    { name: "is asked to stop by a supervisor", steps: ["SIGTERM"], reason: "stopped by SIGTERM", exits: [] },
    {
      name: "is asked to stop by a terminal that closes",
      steps: ["SIGHUP"],
      reason: "stopped by SIGHUP",
      exits: [],
    },
    {
      name: "takes the same Ctrl-C twice for one, as it comes through npm",
      steps: ["SIGINT", 5, "SIGINT"],
      reason: "stopped by SIGINT",
      exits: [],
    },
    {
      name: "ends at once at a second Ctrl-C",
      steps: ["SIGINT", 1_000, "SIGINT"],
      reason: "stopped by SIGINT",
      exits: [130],
    },
    {
      name: "ends at once at a Ctrl-C after a supervisor's wish",
      steps: ["SIGTERM", 1_000, "SIGINT"],
      reason: "stopped by SIGTERM",
      exits: [130],
    },
    {
      name: "is not hurried by a supervisor that asks again",
      steps: ["SIGTERM", 10_000, "SIGTERM"],
      reason: "stopped by SIGTERM",
      exits: [],
    },
  ])("$name", async ({ steps, reason, exits }) => {
    expect(await after(steps)).toEqual({ reason, exits });
  });
});
