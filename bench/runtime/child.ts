/** A process that tells its port when it is up and, if it is a runtime, what it has used. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

const portSchema = z.object({ port: z.number() });
const usageSchema = z.object({
  cpu: z.object({ user: z.number(), system: z.number() }),
  rss: z.number(),
});

/** A process of ours. */
export interface Child extends Disposable {
  readonly port: number;
  /** Milliseconds of CPU since its start, and bytes of memory now. */
  usage(): Promise<{ readonly cpuMs: number; readonly rss: number }>;
}

/** Starts a module of this folder; resolves when it is up. */
export async function startChild(module: string, args: readonly string[] = []): Promise<Child> {
  const execArgv = ["--conditions=@lmos/source"];
  const child: ChildProcess = fork(new URL(module, import.meta.url), args, { execArgv });
  const { port } = portSchema.parse(await answerOf(child));
  return {
    port,
    usage: async () => {
      child.send("usage");
      const { cpu, rss } = usageSchema.parse(await answerOf(child));
      return { cpuMs: (cpu.user + cpu.system) / 1000, rss };
    },
    [Symbol.dispose]: () => child.disconnect(),
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const [message]: unknown[] = await once(child, "message");
  return message;
}
