import { expect, test } from "vitest";
import { isRuntimeError } from "../errors.ts";
import { type RunningTurn, RunningTurns } from "./running-turns.ts";

function admitted(turns: RunningTurns): RunningTurn {
  const admission = turns.admit();
  if (admission.kind === "refused") throw new Error(admission.failure.code);
  return admission.running;
}

test("refuses a turn above the bound until another one has left", () => {
  const turns = new RunningTurns(1);
  const first = admitted(turns);
  expect(turns.admit()).toMatchObject({ kind: "refused", failure: { code: "overloaded", retryable: true } });
  first[Symbol.dispose]();
  expect(turns.admit().kind).toBe("admitted");
});

test("counts a turn once however often it leaves", () => {
  const turns = new RunningTurns(2);
  const first = admitted(turns);
  admitted(turns);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  expect(turns.size).toBe(1);
});

test("is idle once the last turn has left after closing, and admits none meanwhile", async () => {
  const turns = new RunningTurns(5);
  const last = admitted(turns);
  let idle = false;
  const closing = turns.close().then(() => {
    idle = true;
  });
  expect(turns.admit()).toMatchObject({ kind: "refused", failure: { code: "server_shutdown" } });
  await Promise.resolve();
  expect(idle).toBe(false);
  last[Symbol.dispose]();
  await closing;
  expect(idle).toBe(true);
});

test("is idle at once where nothing runs", async () => {
  await new RunningTurns(1).close();
});

test("ends the turns that are left with the reason of the shutdown", () => {
  const turns = new RunningTurns(1);
  const { signal } = admitted(turns);
  turns.abortAll();
  expect(isRuntimeError(signal.reason, "ShuttingDown")).toBe(true);
});
