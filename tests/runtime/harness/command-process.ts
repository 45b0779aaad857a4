/** The command `lmos runtime` in a process of its own, as an operator starts it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** A command that runs. Disposing it ends it. */
export interface CommandProcess extends AsyncDisposable {
  readonly port: number;
  /** The lines of its log so far. */
  readonly log: readonly string[];
  /** All that it wrote to its two streams so far. */
  readonly output: string;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it is gone, and all that it wrote is here: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** How the process itself is started. */
export interface CommandSettings {
  readonly nodeOptions?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

const lineSchema = z.object({ msg: z.string(), port: z.number() });

/** Starts it on a free port of loopback, and waits until it takes messages. */
export function startCommand(...options: readonly string[]): Promise<CommandProcess> {
  return startCommandWith({}, ...options);
}

/** The same in a process that is started in another way. */
export async function startCommandWith(
  { nodeOptions = [], variables = {} }: CommandSettings,
  ...options: readonly string[]
): Promise<CommandProcess> {
  const main = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));
  const listening = ["--host", "127.0.0.1", "--port", "0", "--management-port", "0"];
  const parameters = ["--conditions=@lmos/source", ...nodeOptions, main, "runtime", ...listening, ...options];
  const env = { ...process.env, ...variables };
  // One that is made to crash leaves no image of its memory behind.
  const withoutCore = ["-c", 'ulimit -c 0 && exec "$0" "$@"', process.execPath, ...parameters];
  const child = spawn("sh", withoutCore, { stdio: ["ignore", "pipe", "pipe"], env });
  const exited = once(child, "exit");
  const ended = once(child, "close").then(() => child.exitCode ?? child.signalCode ?? 0);
  const log: string[] = [];
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  const port = Promise.withResolvers<number>();
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.push(line);
    const started = portOf(line);
    if (started !== undefined) port.resolve(started);
  });
  void exited.then(() => port.reject(new Error(`the command is gone: ${log.join("\n")}`)));
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
  };
  return {
    port: await port.promise,
    log,
    get output() {
      return output;
    },
    signal: (name) => void child.kill(name),
    ended,
    [Symbol.asyncDispose]: end,
  };
}

function portOf(line: string): number | undefined {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(line));
    return data?.msg === "The runtime takes messages" ? data.port : undefined;
  } catch {
    return undefined; // a warning of Node's
  }
}
