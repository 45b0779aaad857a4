/** A process of the benchmark that answers commands one after the other. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

const answerSchema = z.union([z.object({ value: z.unknown() }), z.object({ failed: z.string() })]);

/** What runs a client under measurement. */
export const contenderProcess = new URL("./contender-process.ts", import.meta.url);

/** Disposing it ends the process. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Milliseconds from its start until it was ready. */
  readonly readyMs: number;
  /** Sends a command and reads the answer; throws what failed there. */
  ask<T>(schema: z.ZodType<T>, command: object): Promise<T>;
}

/** How our own code is run. */
export const fromSource = ["--conditions=@lmos/source", "--expose-gc"];

/**
 * Starts a module, on our packages' sources unless other options are given, with more variables than this process has where
 * some are given; resolves when it says that it is ready.
 */
export async function startChild(
  module: URL,
  args: readonly string[],
  execArgv: readonly string[] = fromSource,
  environment: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const startedAt = performance.now();
  const env = { ...process.env, ...environment };
  const child = fork(module, [...args], { execArgv: [...execArgv], env });
  const ended = once(child, "exit").then(() => {
    throw new Error("a process of the benchmark has ended");
  });
  ended.catch(() => undefined); // whoever waits for an answer hears of it
  await answerOf(child, ended);
  return {
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAt,
    ask: async (schema, command) => {
      child.send(command);
      return schema.parse(await answerOf(child, ended));
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await ended.catch(() => undefined);
    },
  };
}

async function answerOf(child: ChildProcess, ended: Promise<never>): Promise<unknown> {
  const [message]: unknown[] = await Promise.race([once(child, "message"), ended]);
  const answer = answerSchema.parse(message);
  if ("failed" in answer) throw new Error(answer.failed);
  return answer.value;
}
