import { expect, test } from "vitest";
import { fakeTable } from "../testing/fakes.ts";
import { aLaunch } from "../testing/processes.ts";
import type { LocalProcess } from "./local-process.ts";
import type { StartRequest, StopTimes } from "./process-table.ts";

const request: StartRequest = {
  deployment: { namespace: "default", name: "hello" },
  owner: "uid-1",
  templateHash: "new",
  replica: 0,
  launch: { ...aLaunch, argv: ["node", "main.js", "--port=$(PORT)"] },
};

const times: StopTimes = { noticeMs: 250, graceMs: 10_000 };

/** A table with one process that runs. */
async function running(overrides: Partial<StartRequest> = {}) {
  const world = fakeTable();
  await world.table.start({ ...request, ...overrides });
  const [program] = world.spawner.programs;
  if (program === undefined) throw new Error("nothing was started");
  return { ...world, program };
}

function only(processes: readonly LocalProcess[]): LocalProcess {
  const [process] = processes;
  if (process === undefined || processes.length !== 1) throw new Error(`${processes.length} processes`);
  return process;
}

test("starts the command with its port put in", async () => {
  const { program, table } = await running();
  expect(program.request).toMatchObject({
    argv: ["node", "main.js", "--port=40000"],
    environment: { PORT: "40000" },
    workingDirectory: "/work",
  });
  expect(only(table.list())).toMatchObject({ port: 40_000, state: { kind: "running", ready: false } });
});

test("uses the wanted port where it is free", async () => {
  const { table } = await running({ launch: { ...aLaunch, preferredPort: 8080 } });
  await table.start({ ...request, replica: 1, launch: { ...aLaunch, preferredPort: 8080 } });
  expect(table.list().map(({ port }) => port)).toEqual([8080, 40_000]);
});

test("is ready as its probes say", async () => {
  const { clock, prober, table } = await running();
  prober.readyPorts.add(40_000);
  await clock.advance(250);
  expect(only(table.list()).state).toMatchObject({ kind: "running", ready: true });
});

test("a crash leads to a pause, and a restart to the same port", async () => {
  const { clock, program, spawner, table } = await running();
  program.exit(3);
  await clock.advance(0);
  const crashed = only(table.list());
  expect(crashed).toMatchObject({ crashes: 1, lastExit: "exited with code 3", state: { kind: "waiting" } });
  await table.restart(crashed.id);
  expect(spawner.programs).toHaveLength(2);
  expect(only(table.list())).toMatchObject({ port: 40_000, crashes: 1, state: { kind: "running" } });
});

test("a restart that gets no port is one more crash, and not the end of it", async () => {
  const { clock, ports, program, spawner, table } = await running();
  program.exit(3);
  await clock.advance(0);
  const { id } = only(table.list());
  ports.failure = new Error("EMFILE");
  await table.restart(id);
  expect(only(table.list())).toMatchObject({
    crashes: 2,
    lastExit: "could not be given a port",
    state: { kind: "waiting" },
  });
  expect(spawner.programs).toHaveLength(1);
  ports.failure = undefined;
  await table.restart(id);
  expect(only(table.list())).toMatchObject({ state: { kind: "running" } });
});

test("pauses grow from half a second to half a minute, and start over after a minute of running", async () => {
  const { clock, spawner, table } = await running();
  const crash = async (afterMs: number): Promise<number> => {
    await clock.advance(afterMs);
    spawner.programs.at(-1)?.exit(1);
    await clock.advance(0);
    const { id, state } = only(table.list());
    await table.restart(id);
    return state.kind === "waiting" ? state.until - clock.monotonic() : 0;
  };
  const pauses: number[] = [];
  for (const afterMs of [0, 0, 0, 0, 0, 0, 0, 59_999, 60_000]) pauses.push(await crash(afterMs));
  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 500]);
});

test("a command that cannot be started counts as a crash and is said in the log", async () => {
  const { output, spawner, table } = fakeTable();
  spawner.failure = new Error("cannot start nope");
  await table.start(request);
  expect(only(table.list())).toMatchObject({ lastExit: "could not be started", state: { kind: "waiting" } });
  expect(output).toEqual(["hello-0: cannot start nope\n"]);
});

test("stopping asks first, and is over when the program has ended", async () => {
  const { ports, program, table } = await running();
  await table.stop(only(table.list()).id, times);
  expect(program.signals).toEqual(["SIGTERM"]);
  expect(table.list()).toEqual([]);
  expect(ports.taken).toEqual(new Set());
});

test("a ready process goes on for a moment after it is no longer offered, unless the table closes", async () => {
  const { clock, prober, program, table } = await running();
  prober.readyPorts.add(40_000);
  await clock.advance(250);
  const stopping = table.stop(only(table.list()).id, times);
  await clock.advance(249);
  expect(only(table.list()).state.kind).toBe("stopping");
  expect(program.signals).toEqual([]);
  await table.close(2000);
  await stopping;
  expect(program.signals).toEqual(["SIGTERM"]);
});

test("what does not end in time is ended by force", async () => {
  const { clock, program, table } = await running();
  program.stubborn = true;
  const stopping = table.stop(only(table.list()).id, times);
  await clock.advance(9999);
  expect(program.signals).toEqual(["SIGTERM"]);
  expect(only(table.list()).state.kind).toBe("stopping");
  await clock.advance(1);
  await stopping;
  expect(program.signals).toEqual(["SIGTERM", "SIGKILL"]);
  expect(table.list()).toEqual([]);
});

test("a process that waits for its restart is stopped at once", async () => {
  const { clock, program, table } = await running();
  program.exit(1);
  await clock.advance(0);
  await table.stop(only(table.list()).id, times);
  expect(table.list()).toEqual([]);
});

test("a closed table has stopped everything and starts nothing", async () => {
  const { spawner, table } = await running();
  await table.start({ ...request, replica: 1 });
  await table.close(2000);
  await table.start({ ...request, replica: 2 });
  expect(table.list()).toEqual([]);
  expect(spawner.programs).toHaveLength(2);
});

test("tells of each change until it is asked not to", async () => {
  const { table } = fakeTable();
  const seen: string[] = [];
  const unsubscribe = table.subscribe(({ before, after }) => {
    seen.push(`${before?.state.kind ?? "none"} > ${after?.state.kind ?? "none"}`);
  });
  await table.start(request);
  await table.stop(only(table.list()).id, times);
  unsubscribe();
  await table.start(request);
  expect(seen).toEqual(["none > starting", "starting > running", "running > stopping", "stopping > none"]);
});
