/** Programs of this suite as child processes: each says one JSON text a line. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A line that a program said. */
export type Said = Readonly<Record<string, unknown>> & { readonly message: string };

/** A program that runs, or ran. Disposing it kills it. */
export interface Program extends AsyncDisposable {
  readonly pid: number | undefined;
  readonly said: readonly Said[];
  /** Undefined while it runs; the exit code, or the signal that ended it. */
  readonly ended: number | string | undefined;
  /** Resolves with the first line of that message, past or future; rejects when the program ends without it. */
  whenSaid(message: string): Promise<Said>;
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGTERM"): void;
  /** Sends SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
  whenEnded(): Promise<void>;
}

/** Starts `tests/faults/<path>` with these arguments, and options of Node. */
export function startProgram(
  path: string,
  parameters: readonly string[],
  nodeOptions: readonly string[] = [],
): Program {
  const script = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@lmos/source", ...nodeOptions, script, ...parameters],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] },
    },
  );
  return new ChildProgram(child);
}

class ChildProgram implements Program {
  readonly said: Said[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #listeners: readonly (() => void)[] = [];
  #errors = "";
  /** Ended, and all that it said was read. */
  #isRead = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, "exit");
    child.once("close", () => {
      this.#isRead = true;
      this.#notify();
    });
    child.stderr?.on("data", (data) => {
      this.#errors += String(data);
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.said.push(JSON.parse(line));
      this.#notify();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get ended(): number | string | undefined {
    return this.#child.exitCode ?? this.#child.signalCode ?? undefined;
  }

  async whenSaid(message: string): Promise<Said> {
    for (;;) {
      const found = this.said.find((line) => line.message === message);
      if (found !== undefined) return found;
      if (this.#isRead) {
        throw new Error(`ended (${this.ended}) before it said "${message}": ${this.#errors}`);
      }
      await new Promise<void>((resolve) => {
        this.#listeners = [...this.#listeners, resolve];
      });
    }
  }

  signal(name: "SIGSTOP" | "SIGCONT" | "SIGTERM"): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async whenEnded(): Promise<void> {
    await this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ended === undefined) await this.kill();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
    this.#listeners = [];
  }
}
