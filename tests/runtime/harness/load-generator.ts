/** A sender of turns in a process of its own, so that it shares nothing but the runtime with who else sends. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import type { OpenLoad } from "./open-load.ts";
import type { TurnOutcome } from "./turns.ts";

/** What is told of a turn. */
export interface LoadOutcome extends Pick<TurnOutcome, "status" | "ms" | "retryAfter"> {
  /** Of a turn that was not answered: what was said instead. */
  readonly refusal: string | undefined;
}

/** A sender that runs, and grows warm. Disposing it ends it. */
export interface LoadGenerator extends Disposable {
  /** Sends and waits for all of them; one load at a time. */
  send(load: OpenLoad): Promise<readonly LoadOutcome[]>;
}

const outcomesSchema = z.array(
  z.object({
    status: z.number(),
    ms: z.number(),
    retryAfter: z.string().optional(),
    refusal: z.string().optional(),
  }),
);

/** Starts one, and waits until it can send. */
export async function startLoadGenerator(): Promise<LoadGenerator> {
  const child = fork(new URL("load-program.ts", import.meta.url), {
    execArgv: ["--conditions=@lmos/source"],
  });
  await once(child, "message");
  return {
    send: async (load) => {
      const sent = once(child, "message");
      child.send(load);
      const [outcomes]: unknown[] = await sent;
      return outcomesSchema.parse(outcomes).map((outcome) => ({
        ...outcome,
        retryAfter: outcome.retryAfter,
        refusal: outcome.refusal,
      }));
    },
    [Symbol.dispose]: () => child.disconnect(),
  };
}
