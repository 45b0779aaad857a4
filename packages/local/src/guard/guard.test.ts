import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, systemClock } from "@lmos/primitives";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeCustody } from "./custody.ts";
import { startGuard } from "./guard.ts";
import { stopLeftovers } from "./leftovers.ts";
import { identityOf } from "./process-identity.ts";
import { isStillRunning, RunFile, readRunFile } from "./run-file.ts";

const { signal } = new AbortController();
let directory = "";
let children: ChildProcess[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-guard-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

/** A program that leads a group and stays until it is stopped. */
async function startProgram(script = "setInterval(() => {}, 1000); console.log('up')"): Promise<number> {
  const child = spawn(process.execPath, ["-e", script], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

const isRunning = (pid: number): boolean => identityOf(pid) !== undefined;

describe("the identity of a process", () => {
  test("stays the same while it runs, and ends with it", async () => {
    const pid = await startProgram();
    const before = identityOf(pid);
    expect(before).toBeDefined();
    expect(identityOf(pid)).toBe(before);
    process.kill(pid, "SIGKILL");
    await expect.poll(() => identityOf(pid)).toBeUndefined();
  });

  test("differs between processes", async () => {
    expect(identityOf(await startProgram())).not.toBe(identityOf(process.pid));
  });
});

describe("the guard", () => {
  test("stops what is still held when its parent's end of the pipe closes", async () => {
    const guard = startGuard({ logger: silentLogger });
    const [held, released] = [await startProgram(), await startProgram()];
    for (const pid of [held, released]) guard.hold(pid);
    guard.release(released);
    await guard[Symbol.asyncDispose]();
    await expect.poll(() => isRunning(held)).toBe(false);
    expect(isRunning(released)).toBe(true);
  });

  test("ends a program by force that does not heed SIGTERM", async () => {
    const guard = startGuard({ logger: silentLogger });
    const stubborn = await startProgram(
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')",
    );
    guard.hold(stubborn);
    await guard[Symbol.asyncDispose]();
    await expect.poll(() => isRunning(stubborn)).toBe(false);
  });
});

describe("the run file", () => {
  test("holds the owner and the groups that are left", async () => {
    const pid = await startProgram();
    const file = new RunFile(directory, process.pid);
    file.hold(pid);
    file.hold(process.pid);
    file.release(process.pid);
    expect(readRunFile(directory)).toEqual({
      owner: { pid: process.pid, identity: identityOf(process.pid) },
      groups: [{ pid, identity: identityOf(pid) }],
    });
    file.remove();
    expect(readRunFile(directory)).toBeUndefined();
  });

  test("means nothing when it is cut off", () => {
    writeFileSync(join(directory, "processes.json"), '{"owner":{"pid":1');
    expect(readRunFile(directory)).toBeUndefined();
  });

  test("does not take another process for the recorded one", () => {
    expect(isStillRunning({ pid: process.pid, identity: "another boot:1" })).toBe(false);
    expect(isStillRunning({ pid: process.pid, identity: "" })).toBe(false);
  });
});

describe("leftovers", () => {
  const write = (owner: object, groups: readonly object[]): void =>
    writeFileSync(join(directory, "processes.json"), JSON.stringify({ owner, groups }));
  const deadOwner = { pid: 1, identity: "gone" };
  const stop = (): Promise<void> => stopLeftovers(directory, { clock: systemClock, signal });

  test("are stopped when the cluster that recorded them is gone", async () => {
    const pid = await startProgram();
    write(deadOwner, [{ pid, identity: identityOf(pid) }]);
    await stop();
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  test("are left alone when their pid belongs to another process now", async () => {
    const pid = await startProgram();
    write(deadOwner, [{ pid, identity: "another one" }]);
    await stop();
    expect(isRunning(pid)).toBe(true);
  });

  test("are not touched while their cluster runs: the directory is taken", async () => {
    const pid = await startProgram();
    write({ pid: process.pid, identity: identityOf(process.pid) }, [{ pid, identity: identityOf(pid) }]);
    await expect(stop()).rejects.toMatchObject({ code: "AlreadyRunning" });
    expect(isRunning(pid)).toBe(true);
  });
});

test("custody keeps a second cluster off the directory until it is disposed", async () => {
  const options = { directory, clock: systemClock, logger: silentLogger, signal };
  const custody = await takeCustody(options);
  custody.hold(await startProgram());
  expect(readFileSync(join(directory, "processes.json"), "utf8")).toContain('"groups":[{');
  await expect(takeCustody(options)).rejects.toMatchObject({ code: "AlreadyRunning" });
  await custody[Symbol.asyncDispose]();
  await (await takeCustody(options))[Symbol.asyncDispose]();
});
