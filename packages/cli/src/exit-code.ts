/** What a command's error comes to: the exit code of the process. Pure. */
import { isLmosError } from "@lmos/primitives";
import { CommanderError } from "commander";
import { CliError } from "./errors.ts";

/** Of a command that its user stopped before it was done. */
export const interruptedExitCode = 130;

const exitCode = { fine: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** What other packages' errors come to, by their codes; the others are failures. */
const codesOfOthers: Readonly<Record<string, number>> = {
  InvalidConfiguration: exitCode.usage,
  Timeout: exitCode.unreachable,
  Unavailable: exitCode.unreachable,
  Unreachable: exitCode.unreachable,
};

/** The exit code for an error; that of Ctrl-C in a shell where the user stopped the command. */
export function exitCodeOf(error: unknown, { signal }: { readonly signal: AbortSignal }): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
  if (error instanceof CliError) return error.exitCode;
  // What was asked for was not done to its end, unless its reader has seen enough of it.
  if (isInterruption(error, signal)) return isClosedPipe(error) ? exitCode.fine : interruptedExitCode;
  return (isLmosError(error) ? codesOfOthers[error.code] : undefined) ?? exitCode.failed;
}

/** True where the command failed because its user stopped it: there is nothing to say about that. */
export function isInterruption(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error === signal.reason;
}

function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
