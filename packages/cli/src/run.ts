/** Runs one command and turns whatever happens into an exit code and at most one line of error. */
import { CommanderError } from "commander";
import type { CommandContext } from "./context.ts";
import { exitCodeOf, isInterruption } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/** Runs the command line; resolves to the exit code. */
export async function run(parameters: readonly string[], context: CommandContext): Promise<number> {
  try {
    const program = await createProgram(parameters, context);
    await program.parseAsync(parameters, { from: "user" });
    return 0;
  } catch (error) {
    return report(error, context);
  }
}

/** Says what went wrong, in one line, unless commander has said it or the user knows it. */
function report(error: unknown, { terminal, signal }: CommandContext): number {
  if (!(error instanceof CommanderError) && !isInterruption(error, signal)) {
    terminal.hint(`${terminal.paint("red", "error:")} ${describe(error)}`);
  }
  return exitCodeOf(error, { signal });
}

/** The message with those of its causes, which is where a connection says what went wrong. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && !error.message.includes(error.cause.message)
    ? `${error.message}: ${describe(error.cause)}`
    : error.message;
}
