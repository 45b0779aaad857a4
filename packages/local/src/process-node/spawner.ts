/**
 * Starts programs, each as the leader of a process group of its own, so that whatever it starts itself is stopped with
 * it. A program that leaves its group (a daemon) gets away.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { errorMessage } from "@lmos/primitives";
import { LocalError } from "../errors.ts";
import type { Environment } from "./environment.ts";
import type { ProcessExit } from "./local-process.ts";
import { signalGroup } from "./signal-group.ts";

/** Where the output of one process goes; `end` releases what it holds, a later write takes it up again. */
export interface OutputSink {
  write(chunk: Uint8Array): void;
  end(): void;
}

/** What to start; the output of both streams goes to `output` until they end. */
export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly workingDirectory: string;
  readonly output: OutputSink;
}

/** A program that was started. */
export interface SpawnedProcess {
  readonly pid: number;
  /** Resolves when the program has ended; nothing of its group is alive then. */
  readonly exited: Promise<ProcessExit>;
  /** Signals the whole group; nothing happens when it has ended. */
  signal(name: "SIGTERM" | "SIGKILL"): void;
}

/** Starts programs. */
export interface Spawner {
  /** Throws a LocalError `SpawnFailed` when the program cannot be started. */
  spawn(request: SpawnRequest): Promise<SpawnedProcess>;
}

/** Told of each process group, so that it is stopped even if this process is killed. */
export interface GroupCustodian {
  hold(pid: number): void;
  release(pid: number): void;
}

/** Starts programs of this machine and tells the custodian of each. */
export function createSpawner({ custodian }: { readonly custodian: GroupCustodian }): Spawner {
  return {
    spawn: async (request) => {
      const child = startProgram(request);
      if (child.pid === undefined) throw await failureOf(child, request);
      return supervise(child, child.pid, custodian);
    },
  };
}

function supervise(child: ChildProcess, pid: number, custodian: GroupCustodian): SpawnedProcess {
  custodian.hold(pid);
  const { promise, resolve } = Promise.withResolvers<ProcessExit>();
  child.once("exit", (code, signal) => {
    signalGroup(pid, "SIGKILL"); // what the program started and left behind
    custodian.release(pid);
    resolve({ code, signal });
  });
  const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return { pid, exited: promise, signal: (name) => (ended() ? undefined : signalGroup(pid, name)) };
}

function startProgram({ argv, environment, workingDirectory, output }: SpawnRequest): ChildProcess {
  const [program = "", ...rest] = argv;
  const child = spawn(program, rest, {
    cwd: workingDirectory,
    env: environment,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Uint8Array) => output.write(chunk));
  child.stderr.on("data", (chunk: Uint8Array) => output.write(chunk));
  child.once("close", () => output.end());
  return child;
}

async function failureOf(child: ChildProcess, { argv, workingDirectory }: SpawnRequest): Promise<LocalError> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  child.once("error", resolve);
  const cause = await promise;
  const message = `cannot start ${argv[0]} in ${workingDirectory}: ${errorMessage(cause)}`;
  return new LocalError("SpawnFailed", message, { cause });
}
