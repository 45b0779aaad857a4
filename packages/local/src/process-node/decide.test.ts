import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  aLaunch,
  aProcess,
  aWorkload,
  notReady,
  ready,
  stopping,
  waitingUntil,
} from "../testing/processes.ts";
import { decideProcesses, type ProcessInput } from "./decide.ts";
import type { LocalProcess, ProcessState } from "./local-process.ts";

const start = (replica: number) => ({ kind: "start", replica, launch: aLaunch });
const stop = (id: string) => ({ kind: "stop", id });
const invalid = { kind: "invalid", reason: "it names no program" } as const;

interface Row extends Partial<ProcessInput> {
  readonly name: string;
  readonly actions: readonly object[];
}

const rows: readonly Row[] = [
  { name: "starts what is missing", workload: aWorkload({ replicas: 2 }), actions: [start(0), start(1)] },
  { name: "does nothing when all runs", processes: [aProcess()], actions: [] },
  {
    name: "starts one more for a higher count",
    workload: aWorkload({ replicas: 2 }),
    processes: [aProcess({ replica: 1, id: "p1" })],
    actions: [start(0)],
  },
  {
    name: "stops the highest replica for a lower count",
    processes: [aProcess(), aProcess({ replica: 1 })],
    actions: [stop("p1")],
  },
  {
    name: "stops one that is not ready rather than one that is",
    processes: [aProcess({ state: notReady }), aProcess({ replica: 1 })],
    actions: [stop("p0")],
  },
  {
    name: "stops all for a count of zero",
    workload: aWorkload({ replicas: 0 }),
    processes: [aProcess()],
    actions: [stop("p0")],
  },
  {
    name: "stops all when the Deployment is gone",
    workload: undefined,
    processes: [aProcess()],
    actions: [stop("p0")],
  },
  {
    name: "stops at once what an earlier Deployment of that name started",
    processes: [aProcess({ owner: "uid-0" })],
    actions: [stop("p0"), start(1)],
  },
  {
    name: "gives a new process no number that a stopping one has",
    processes: [aProcess({ state: stopping })],
    actions: [start(1)],
  },
  {
    name: "keeps the old process while the new one is not ready",
    processes: [aProcess({ templateHash: "old" }), aProcess({ replica: 1, state: notReady })],
    actions: [],
  },
  {
    name: "starts the new process beside the old one",
    processes: [aProcess({ templateHash: "old" })],
    actions: [start(1)],
  },
  {
    name: "stops an old process for each new one that is ready, those that are not ready first",
    workload: aWorkload({ replicas: 2 }),
    processes: [
      aProcess({ templateHash: "old", replica: 0, state: waitingUntil(5000) }),
      aProcess({ templateHash: "old", replica: 1 }),
      aProcess({ replica: 2 }),
      aProcess({ replica: 3, state: notReady }),
    ],
    actions: [stop("p0")],
  },
  {
    name: "keeps what runs when the new command cannot be read",
    workload: aWorkload({ launch: invalid }),
    processes: [aProcess({ templateHash: "old" })],
    actions: [],
  },
  {
    name: "starts nothing by a command that cannot be read",
    workload: aWorkload({ launch: invalid }),
    actions: [],
  },
  {
    name: "restarts a crashed process when its pause is over",
    processes: [aProcess({ state: waitingUntil(1000) })],
    actions: [{ kind: "restart", id: "p0" }],
  },
];

test.each(rows)("$name", ({ actions, ...input }) => {
  const decision = decideProcesses({ workload: aWorkload(), processes: [], now: 1000, ...input });
  expect(decision).toEqual({ actions, wakeAfterMs: undefined });
});

describe("waking up", () => {
  test("comes when the first pause is over", () => {
    const processes = [
      aProcess({ state: waitingUntil(9000) }),
      aProcess({ replica: 1, state: waitingUntil(3000) }),
    ];
    const decision = decideProcesses({ workload: aWorkload({ replicas: 2 }), processes, now: 1000 });
    expect(decision).toEqual({ actions: [], wakeAfterMs: 2000 });
  });

  test("does not wait for a process that is to stop", () => {
    const processes = [aProcess({ state: waitingUntil(9000) })];
    expect(decideProcesses({ workload: undefined, processes, now: 0 }).wakeAfterMs).toBeUndefined();
  });
});

describe("whatever runs", () => {
  const states: readonly ProcessState[] = [ready, notReady, stopping, waitingUntil(0), waitingUntil(9000)];
  const processesArbitrary = fc
    .array(fc.record({ templateHash: fc.constantFrom("new", "old"), state: fc.constantFrom(...states) }), {
      maxLength: 6,
    })
    .map((list) => list.map((one, replica) => aProcess({ ...one, replica })));

  /** The world after the decision, with everything started now ready. */
  function act(processes: readonly LocalProcess[], replicas: number): readonly LocalProcess[] {
    const { actions } = decideProcesses({ workload: aWorkload({ replicas }), processes, now: 10_000 });
    const stopped = new Set(actions.flatMap((action) => (action.kind === "stop" ? [action.id] : [])));
    const kept = processes.filter(({ id, state }) => !stopped.has(id) && state.kind !== "stopping");
    const started = actions.flatMap((action) =>
      action.kind === "start" ? [aProcess({ replica: action.replica })] : [],
    );
    return [...kept.map((process) => ({ ...process, state: ready })), ...started];
  }

  test("repeated decisions end with exactly the replicas asked for, and then do nothing", () => {
    fc.assert(
      fc.property(processesArbitrary, fc.integer({ min: 0, max: 4 }), (processes, replicas) => {
        const settled = [1, 2, 3].reduce<readonly LocalProcess[]>((world) => act(world, replicas), processes);
        expect(settled.map(({ templateHash }) => templateHash)).toEqual(Array(replicas).fill("new"));
        expect(
          decideProcesses({ workload: aWorkload({ replicas }), processes: settled, now: 0 }).actions,
        ).toEqual([]);
      }),
    );
  });

  test("a roll never takes ready processes below the count", () => {
    fc.assert(
      fc.property(processesArbitrary, fc.integer({ min: 0, max: 4 }), (processes, replicas) => {
        const readyBefore = processes.filter(({ state }) => state === ready).length;
        const { actions } = decideProcesses({ workload: aWorkload({ replicas }), processes, now: 0 });
        const stopped = actions.flatMap((action) => (action.kind === "stop" ? [action.id] : []));
        const left = processes.filter(({ id, state }) => state === ready && !stopped.includes(id)).length;
        expect(left).toBeGreaterThanOrEqual(Math.min(readyBefore, replicas));
      }),
    );
  });
});
