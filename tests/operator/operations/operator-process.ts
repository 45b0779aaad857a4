/** `lmos operator` as a process of its own, as it runs in a pod. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const main = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));

const lineSchema = z.looseObject({ msg: z.string() });
/** A line of its log. */
export type LogLine = z.infer<typeof lineSchema>;

const portsSchema = z.object({ port: z.number(), managementPort: z.number() });

/** An operator that runs, or ran. Disposing it kills it. */
export interface OperatorProcess extends AsyncDisposable {
  readonly lines: readonly LogLine[];
  /** Undefined while it runs; the exit code, or the signal that ended it. */
  readonly ended: number | string | undefined;
  /** Resolves with the first line of that message, past or future; rejects when the process ends without it. */
  whenLogged(message: string): Promise<LogLine>;
  /** Where the read API is, and where health and metrics are. */
  addresses(): Promise<{ readonly api: string; readonly management: string }>;
  signal(name: "SIGSTOP" | "SIGCONT" | "SIGTERM" | "SIGKILL"): void;
  /** Resolves with the exit code or signal. */
  whenEnded(): Promise<number | string | undefined>;
}

/** Starts one, or another component that logs alike, on free ports. */
export function startOperatorProcess(
  parameters: readonly string[],
  component: "operator" | "runtime" = "operator",
): OperatorProcess {
  const listening = ["--host", "127.0.0.1", "--port", "0", "--management-port", "0"];
  const program = ["--conditions=@lmos/source", main, component, ...listening, ...parameters];
  const child = spawn(process.execPath, program, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
  });
  return new ChildOperator(child);
}

class ChildOperator implements OperatorProcess {
  readonly lines: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #waiting: readonly (() => void)[] = [];
  #rest = "";
  /** Ended, and all that it logged was read. */
  #isRead = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, "exit");
    child.once("close", () => {
      this.#isRead = true;
      this.#notify();
    });
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on("line", (line) => {
      const parsed = lineSchema.safeParse(asJson(line));
      if (parsed.success) this.lines.push(parsed.data);
      else this.#rest += `${line}\n`;
      this.#notify();
    });
  }

  get ended(): number | string | undefined {
    return this.#child.exitCode ?? this.#child.signalCode ?? undefined;
  }

  async whenLogged(message: string): Promise<LogLine> {
    for (;;) {
      const found = this.lines.find(({ msg }) => msg === message);
      if (found !== undefined) return found;
      if (this.#isRead) {
        const said = [...this.lines.map((line) => JSON.stringify(line)), this.#rest].join("\n");
        throw new Error(`ended (${this.ended}) before it logged "${message}":\n${said}`);
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = [...this.#waiting, resolve];
      await promise;
    }
  }

  async addresses(): Promise<{ readonly api: string; readonly management: string }> {
    const { port, managementPort } = portsSchema.parse(await this.whenLogged("the operator listens"));
    return { api: `http://127.0.0.1:${port}`, management: `http://127.0.0.1:${managementPort}` };
  }

  signal(name: "SIGSTOP" | "SIGCONT" | "SIGTERM" | "SIGKILL"): void {
    this.#child.kill(name);
  }

  async whenEnded(): Promise<number | string | undefined> {
    await this.#exited;
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ended !== undefined) return;
    this.signal("SIGKILL");
    await this.#exited;
  }

  #notify(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
