/** One program of a control plane: started in a process group of its own, its output in a file, ended by its pid. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import type { Custody } from "@lmos/local";

/** What a component is started with. */
export interface ComponentOptions {
  readonly program: string;
  readonly parameters: readonly string[];
  readonly logPath: string;
  /** Ends the process when this one is gone. */
  readonly custody: Custody;
}

/** A component that can be ended and started again with the same parameters. */
export interface Component {
  readonly isRunning: boolean;
  readonly pid: number | undefined;
  start(): void;
  /** Ends the process and waits until it is gone; does nothing where none runs. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Freezes or thaws the process: its connections stay open and nothing answers on them. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** The end of its output. */
  tail(): string;
}

/** Makes a component without starting it. */
export function createComponent({ program, parameters, logPath, custody }: ComponentOptions): Component {
  let child: ChildProcess | undefined;
  const running = (): ChildProcess | undefined =>
    child?.exitCode === null && child.signalCode === null ? child : undefined;
  return {
    get isRunning() {
      return running() !== undefined;
    },
    get pid() {
      return running()?.pid;
    },
    start() {
      const log = openSync(logPath, "a");
      child = spawn(program, parameters, { detached: true, stdio: ["ignore", log, log] });
      closeSync(log);
      if (child.pid !== undefined) custody.hold(child.pid);
    },
    async kill(signal) {
      const one = running();
      if (one?.pid === undefined) return;
      const exited = once(one, "exit");
      one.kill(signal);
      await exited;
      custody.release(one.pid);
    },
    signal: (signal) => void running()?.kill(signal),
    tail: () => readFileSync(logPath, "utf8").split("\n").slice(-8).join("\n"),
  };
}
