/** A process that tells its port when it is up, and what it uses, as Linux tells it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { z } from "zod";

const portSchema = z.object({ port: z.number() });
const ticksPerSecond = 100;
const kibibyte = 1024;

/** A process of ours. */
export interface Child extends Disposable {
  readonly port: number;
  /** Milliseconds of processor time since its start. */
  cpuMs(): number;
  /** Bytes of resident memory now. */
  residentBytes(): number;
  /** Tells it something. */
  tell(message: string): void;
}

/** How a process is started. */
export interface ChildOptions {
  readonly args?: readonly string[];
  /** Those of Node; a module of TypeScript gets what it needs. */
  readonly nodeOptions?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a module of this folder; resolves when it is up. */
export async function startChild(
  module: string,
  { args = [], nodeOptions = [], environment = {} }: ChildOptions = {},
): Promise<Child> {
  const source = module.endsWith(".ts") ? ["--conditions=@lmos/source"] : [];
  const execArgv = [...source, ...nodeOptions];
  const child: ChildProcess = fork(new URL(module, import.meta.url), args, {
    execArgv,
    env: { ...process.env, ...environment },
  });
  const [message]: unknown[] = await once(child, "message");
  const { port } = portSchema.parse(message);
  const { pid = 0 } = child;
  return {
    port,
    cpuMs: () => processorMs(pid),
    residentBytes: () => residentBytes(pid),
    tell: (text) => child.send(text),
    [Symbol.dispose]: () => child.disconnect(),
  };
}

function residentBytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kibibytes ?? Number.NaN) * kibibyte;
}

function processorMs(pid: number): number {
  // The name, in parentheses, may hold spaces: what counts comes after it.
  const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(/\) (?=[A-Z] )/);
  const [userTicks = 0, systemTicks = 0] = fields.split(" ").slice(11, 13).map(Number);
  return ((userTicks + systemTicks) / ticksPerSecond) * 1000;
}
