/** Starts runtimes as child processes. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

/** A runtime that runs. Disposing it kills it. */
export interface RuntimeProcess extends AsyncDisposable {
  readonly port: number;
  /** Bytes that are held, in the heap and beside it: the process itself stays as large as it once was. */
  memory(): Promise<number>;
  /** SIGTERM; resolves when it is gone. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

const saidSchema = z.object({ port: z.number().optional(), held: z.number().optional() });

/** Starts one; `agents` are ports by name. */
export async function startRuntimeProcess(parameters: {
  readonly agents?: Readonly<Record<string, readonly number[]>>;
  readonly limits?: Readonly<Record<string, number>>;
  /** Where routings come from; those for `agents` unless given. */
  readonly routings?:
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "operator"; readonly url: string };
  /** Node's own options, such as a limit of its heap. */
  readonly nodeOptions?: readonly string[];
  /** Acme alone unless given. */
  readonly tenants?: readonly string[];
}): Promise<RuntimeProcess> {
  const script = new URL("runtime-program.ts", import.meta.url);
  const child = fork(script, [JSON.stringify({ agents: {}, limits: {}, tenants: ["acme"], ...parameters })], {
    execArgv: ["--conditions=@lmos/source", "--expose-gc", ...(parameters.nodeOptions ?? [])],
  });
  const exited = once(child, "exit");
  const { port = 0 } = await nextMessage(child);
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    port,
    memory: async () => {
      child.send("memory");
      return (await nextMessage(child)).held ?? 0;
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    [Symbol.asyncDispose]: () => end("SIGKILL"),
  };
}

async function nextMessage(child: ChildProcess): Promise<z.infer<typeof saidSchema>> {
  const [message]: unknown[] = await once(child, "message");
  return saidSchema.parse(message);
}
