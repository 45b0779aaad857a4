/** Shows the log of a laptop cluster until the user has had enough. */
import { whenAborted } from "@lmos/primitives";
import { followLogs, formatLogLine } from "../commands/logs.ts";
import type { CommandContext } from "../context.ts";
import { untilStopped } from "../until-stopped.ts";
import type { Laptop } from "./start-laptop.ts";

const ctrlC = "\u0003";

/** Prints new log lines until `q` or Ctrl-C is pressed or the process is told to stop. */
export async function followUntilStopped({ directory }: Laptop, context: CommandContext): Promise<void> {
  const { terminal, keyboard, signal } = context;
  const enough = new AbortController();
  const stopped = AbortSignal.any([signal, enough.signal]);
  terminal.hint(
    terminal.paint(
      "dim",
      keyboard === undefined ? "Ctrl-C stops all of it." : "q or Ctrl-C stops all of it.",
    ),
  );
  const following = follow(directory, { ...context, signal: stopped });
  await Promise.race([whenAborted(stopped), untilQuit(keyboard)]);
  enough.abort();
  await following;
  terminal.hint("stopping …");
}

async function follow(directory: string, context: CommandContext): Promise<void> {
  const lines = followLogs(() => true, { directory, tail: 0, context });
  await untilStopped(context.signal, async () => {
    for await (const line of lines) context.terminal.print(formatLogLine(line));
  });
}

async function untilQuit(keyboard: AsyncIterable<string> | undefined): Promise<void> {
  if (keyboard === undefined) return new Promise<never>(() => undefined);
  for await (const key of keyboard) {
    if (key === "q" || key === ctrlC) return;
  }
}
