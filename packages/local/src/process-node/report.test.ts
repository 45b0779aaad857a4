import { expect, test } from "vitest";
import { aProcess, aWorkload, notReady, stopping, waitingUntil } from "../testing/processes.ts";
import { reportStatus, type StatusInput } from "./report.ts";
import type { DeploymentStatus } from "./workload.ts";

const empty: DeploymentStatus = {
  replicas: 0,
  updatedReplicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  unavailableReplicas: 0,
  conditions: [],
};

function report(overrides: Partial<StatusInput> = {}): DeploymentStatus {
  const now = "2026-01-01T00:00:00Z";
  return reportStatus({
    ...{ name: "hello", workload: aWorkload(), generation: 7, processes: [], earlier: empty, now },
    ...overrides,
  });
}

function counts({ replicas, updatedReplicas, readyReplicas, unavailableReplicas }: DeploymentStatus) {
  return [replicas, updatedReplicas, readyReplicas, unavailableReplicas];
}

function conditions(status: DeploymentStatus): readonly string[] {
  return status.conditions.map((condition) => `${condition.type}=${condition.status} ${condition.reason}`);
}

const available = "Available=True MinimumReplicasAvailable";
const unavailable = "Available=False MinimumReplicasUnavailable";
const progressing = "Progressing=True ReplicaSetUpdated";
const complete = "Progressing=True NewReplicaSetAvailable";
const calm = "ReplicaFailure=False NoCrash";

interface Row extends Partial<StatusInput> {
  readonly name: string;
  readonly counts: readonly number[];
  readonly conditions: readonly string[];
}

const rows: readonly Row[] = [
  { name: "nothing has started", counts: [0, 0, 0, 1], conditions: [unavailable, progressing, calm] },
  {
    name: "the process is ready",
    processes: [aProcess()],
    counts: [1, 1, 1, 0],
    conditions: [available, complete, calm],
  },
  {
    name: "the process is not ready",
    processes: [aProcess({ state: notReady })],
    counts: [1, 1, 0, 1],
    conditions: [unavailable, progressing, calm],
  },
  {
    name: "an old process serves while the new one starts",
    processes: [aProcess({ templateHash: "old" }), aProcess({ replica: 1, state: notReady })],
    counts: [2, 1, 1, 1],
    conditions: [available, progressing, calm],
  },
  {
    name: "the old process is stopping",
    processes: [aProcess({ templateHash: "old", state: stopping }), aProcess({ replica: 1 })],
    counts: [1, 1, 1, 0],
    conditions: [available, complete, calm],
  },
  {
    name: "a process crashes",
    processes: [aProcess({ crashes: 1, lastExit: "exited with code 1", state: waitingUntil(1) })],
    counts: [1, 1, 0, 1],
    conditions: [unavailable, progressing, "ReplicaFailure=True CrashLoopBackOff"],
  },
  {
    name: "a crashed process has been started again but is not ready",
    processes: [aProcess({ crashes: 1, lastExit: "exited with code 1", state: notReady })],
    counts: [1, 1, 0, 1],
    conditions: [unavailable, progressing, "ReplicaFailure=True CrashLoopBackOff"],
  },
  {
    name: "a crashed process is ready again",
    processes: [aProcess({ crashes: 1 })],
    counts: [1, 1, 1, 0],
    conditions: [available, complete, calm],
  },
  {
    name: "the command cannot be read",
    workload: aWorkload({ launch: { kind: "invalid", reason: "no" } }),
    counts: [0, 0, 0, 1],
    conditions: [unavailable, "Progressing=False InvalidCommand", calm],
  },
  {
    name: "none are asked for",
    workload: aWorkload({ replicas: 0 }),
    counts: [0, 0, 0, 0],
    conditions: [available, complete, calm],
  },
];

test.each(rows)("when $name", ({ counts: expectedCounts, conditions: expectedConditions, ...input }) => {
  const status = report(input);
  expect(counts(status)).toEqual(expectedCounts);
  expect(conditions(status)).toEqual(expectedConditions);
});

test("names the generation it was made for", () => {
  expect(report().observedGeneration).toBe(7);
});

test("says how the process ended and where to look, without a count that changes", () => {
  const processes = [aProcess({ crashes: 4, lastExit: "exited with code 1", state: waitingUntil(1) })];
  const message = report({ processes }).conditions.find(({ type }) => type === "ReplicaFailure")?.message;
  expect(message).toBe(
    "Replica 0 exited with code 1; it is started again with growing pauses. See: lmos logs hello",
  );
});

test("moves a condition's time only with its status", () => {
  const before = report({ processes: [aProcess()] });
  const later = report({
    earlier: before,
    processes: [aProcess({ state: notReady })],
    now: "2026-01-02T00:00:00Z",
  });
  expect(later.conditions.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([
    "2026-01-02T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
  ]);
});
