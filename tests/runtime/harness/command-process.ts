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
}

const lineSchema = z.object({ msg: z.string(), port: z.number() });

/** Starts it on a free port of loopback, and waits until it takes messages. */
export async function startCommand(...options: readonly string[]): Promise<CommandProcess> {
  const main = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));
  const listening = ["--host", "127.0.0.1", "--port", "0", "--management-port", "0"];
  const parameters = ["--conditions=@lmos/source", main, "runtime", ...listening, ...options];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit");
  const log: string[] = [];
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
  return { port: await port.promise, log, [Symbol.asyncDispose]: end };
}

function portOf(line: string): number | undefined {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(line));
    return data?.msg === "The runtime takes messages" ? data.port : undefined;
  } catch {
    return undefined; // a warning of Node's
  }
}
