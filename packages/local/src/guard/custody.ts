/** Everything that sees to it that no process outlives its cluster: the directory's run file and the guard. */
import type { Clock, Logger } from "@lmos/primitives";
import type { GroupCustodian } from "../process-node/spawner.ts";
import { startGuard } from "./guard.ts";
import { stopLeftovers } from "./leftovers.ts";
import { RunFile } from "./run-file.ts";

/** The custody of a cluster directory; dispose it when all processes are gone. */
export interface Custody extends GroupCustodian, AsyncDisposable {}

/** Of which directory, and with what. */
export interface CustodyOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Takes a directory into custody after stopping what an earlier cluster left there. Throws a LocalError
 * `AlreadyRunning` when another cluster runs on it.
 */
export async function takeCustody(options: CustodyOptions): Promise<Custody> {
  const { directory, logger } = options;
  await stopLeftovers(directory, options);
  const runFile = new RunFile(directory, process.pid);
  const guard = startGuard({ logger });
  return {
    hold: (pid) => {
      guard.hold(pid);
      runFile.hold(pid);
    },
    release: (pid) => {
      guard.release(pid);
      runFile.release(pid);
    },
    [Symbol.asyncDispose]: async () => {
      await guard[Symbol.asyncDispose]();
      runFile.remove();
    },
  };
}
