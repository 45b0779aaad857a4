/** Runs one command and turns whatever happens into an exit code and at most one line of error. */
import { isLmosError } from "@lmos/primitives";
import { CommanderError } from "commander";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { createProgram } from "./program.ts";

/** Exit codes that do not come from a {@link CliError}. */
const exitCode = { fine: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** Runs the command line; resolves to the exit code. */
export async function run(parameters: readonly string[], context: CommandContext): Promise<number> {
  try {
    const program = await createProgram(parameters, context);
    await program.parseAsync(parameters, { from: "user" });
    return exitCode.fine;
  } catch (error) {
    return report(error, context);
  }
}

function report(error: unknown, { terminal, signal }: CommandContext): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
  if (signal.aborted && error === signal.reason) return exitCode.fine; // the user stopped it
  if (error instanceof CliError) {
    terminal.hint(`${terminal.paint("red", "error:")} ${describe(error)}`);
    return error.exitCode;
  }
  terminal.hint(`${terminal.paint("red", "error:")} ${describe(error)}`);
  return isLmosError(error) && (error.code === "Unavailable" || error.code === "Timeout")
    ? exitCode.unreachable
    : exitCode.failed;
}

/** The message with those of its causes, which is where a connection says what went wrong. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && !error.message.includes(error.cause.message)
    ? `${error.message}: ${describe(error.cause)}`
    : error.message;
}
