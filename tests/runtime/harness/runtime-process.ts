/** Starts runtimes as child processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { ProgramParameters } from "./runtime-program.ts";

/** What a process holds now, after its garbage was collected. */
export interface ProcessUsage {
  /** Bytes in the heap and beside it. */
  readonly held: number;
  /** Bytes of the process, which stays as large as it once was. */
  readonly rss: number;
  /** Connections of TCP, whoever opened them. */
  readonly sockets: number;
}

/** A runtime that runs. Disposing it kills it. */
export interface RuntimeProcess extends AsyncDisposable {
  readonly port: number;
  usage(): Promise<ProcessUsage>;
  /** Milliseconds of processor time since its start; told when its event loop is free to tell. */
  busyMs(): Promise<number>;
  /** Keeps its event loop busy for so many milliseconds. */
  block(ms: number): void;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const startedSchema = z.object({ port: z.number() });
const usageSchema = z.object({ held: z.number(), rss: z.number(), sockets: z.number() });

/** What differs from test to test. */
export interface RuntimeProcessOptions extends ProgramParameters {
  /** Node's own options, such as a limit of its heap. */
  readonly nodeOptions?: readonly string[];
  /** Files and connections that it may have open. */
  readonly maxFiles?: number;
}

/** Those of `deploy/kubernetes/base/runtime.yaml`. */
const deployedOptions = ["--max-semi-space-size=4"];
const deployedEnvironment = { MALLOC_MMAP_THRESHOLD_: "16384", MALLOC_TRIM_THRESHOLD_: "131072" };

/** Starts one, and waits until it is ready. */
export async function startRuntimeProcess({
  nodeOptions = [],
  maxFiles,
  ...parameters
}: RuntimeProcessOptions): Promise<RuntimeProcess> {
  const script = fileURLToPath(new URL("runtime-program.ts", import.meta.url));
  const program = [
    ...["--conditions=@lmos/source", "--expose-gc", ...deployedOptions, ...nodeOptions],
    script,
  ];
  const child = start([process.execPath, ...program, JSON.stringify(parameters)], maxFiles);
  const exited = once(child, "exit");
  const { port } = startedSchema.parse(await nextMessage(child, exited));
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    port,
    usage: async () => {
      child.send({ say: "usage" });
      return usageSchema.parse(await nextMessage(child, exited));
    },
    busyMs: async () => {
      child.send({ say: "busyMs" });
      return z.number().parse(await nextMessage(child, exited));
    },
    block: (ms) => void child.send({ block: ms }),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}

function start(command: readonly string[], maxFiles: number | undefined): ChildProcess {
  const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
  const limited = maxFiles === undefined ? [] : ["sh", "-c", `ulimit -n ${maxFiles} && exec "$0" "$@"`];
  const [program = "", ...args] = [...limited, ...command];
  return spawn(program, args, { stdio: [...stdio], env: { ...process.env, ...deployedEnvironment } });
}

async function nextMessage(child: ChildProcess, exited: Promise<unknown>): Promise<unknown> {
  const gone = exited.then((): never => {
    throw new Error(`the runtime is gone: ${child.exitCode ?? child.signalCode}`);
  });
  const [message]: unknown[] = await Promise.race([once(child, "message"), gone]);
  return message;
}
