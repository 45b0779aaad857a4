/** Ctrl-C and its like: the first one asks a command to stop, a later one ends it at once. */
import type { Clock } from "@lmos/primitives";
import { interruptedExitCode } from "./exit-code.ts";

/** npm, and whoever else starts us from a terminal, sends on the Ctrl-C that we have got from the terminal already. */
const sameKeyMs = 500;

/** The part of a process that this needs. */
export interface SignalledProcess {
  on(name: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): unknown;
  exit(code: number): void;
}

/** Aborts `stop` at the first signal; a SIGINT that comes later than the echo of it ends the process. */
export function stopOnSignals(
  stop: AbortController,
  { process, clock }: { readonly process: SignalledProcess; readonly clock: Pick<Clock, "monotonic"> },
): void {
  let stoppedAtMs: number | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      const isImpatient = stoppedAtMs !== undefined && clock.monotonic() - stoppedAtMs > sameKeyMs;
      if (name === "SIGINT" && isImpatient) process.exit(interruptedExitCode);
      stoppedAtMs ??= clock.monotonic();
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
}
