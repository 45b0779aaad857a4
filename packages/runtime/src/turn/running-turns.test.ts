import { FakeClock } from "@lmos/testing";
import { expect, test } from "vitest";
import { TurnGate } from "../admission/turn-gate.ts";
import { TurnQuotas } from "../admission/turn-quotas.ts";
import { isRuntimeError } from "../errors.ts";
import { defaultLimits } from "../limits.ts";
import { turnOf } from "../testing/turns.ts";
import { type RunningTurn, RunningTurns } from "./running-turns.ts";

function turnsOf(max: number): RunningTurns {
  const limits = { ...defaultLimits, maxConcurrentTurns: max, queuedTurns: 0 };
  return new RunningTurns(new TurnGate({ clock: new FakeClock(), limits }));
}

async function admitted(turns: RunningTurns): Promise<RunningTurn> {
  const admission = await turns.admit(turnOf());
  if (admission.kind === "refused") throw new Error(admission.failure.code);
  return admission.running;
}

test("refuses a turn above the bound until another one has left", async () => {
  const turns = turnsOf(1);
  const first = await admitted(turns);
  expect(await turns.admit(turnOf())).toMatchObject({
    kind: "refused",
    failure: { code: "overloaded", retryable: true },
  });
  first[Symbol.dispose]();
  expect((await turns.admit(turnOf())).kind).toBe("admitted");
});

test("counts a turn once however often it leaves", async () => {
  const turns = turnsOf(2);
  const first = await admitted(turns);
  await admitted(turns);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(turns.size).toBe(1);
});

test("is idle once the last turn has left after closing, and admits none meanwhile", async () => {
  const turns = turnsOf(5);
  const last = await admitted(turns);
  let idle = false;
  const closing = turns.close().then(() => {
    idle = true;
  });
  expect(await turns.admit(turnOf())).toMatchObject({
    kind: "refused",
    failure: { code: "server_shutdown" },
  });
  await Promise.resolve();
  expect(idle).toBe(false);
  last[Symbol.dispose]();
  await closing;
  expect(idle).toBe(true);
});

test("is idle at once where nothing runs", async () => {
  await turnsOf(1).close();
});

test("ends the turns that are left with the reason of the shutdown", async () => {
  const turns = turnsOf(1);
  const { signal } = await admitted(turns);
  turns.abortAll();
  expect(isRuntimeError(signal.reason, "ShuttingDown")).toBe(true);
});

test("tells of each turn that it does not admit, and why", async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const limits = { ...defaultLimits, maxConcurrentTurns: 1, queuedTurns: 0, userTurnsPerSecond: 2 };
  const quotas = new TurnQuotas({ clock, limits });
  const turns = new RunningTurns(new TurnGate({ clock, limits }), quotas, (reason) => void told.push(reason));
  await admitted(turns);
  await turns.admit(turnOf());
  await turns.admit(turnOf());
  void turns.close();
  await turns.admit(turnOf());
  expect(told).toEqual(["overloaded", "quota_exceeded", "server_shutdown"]);
});
