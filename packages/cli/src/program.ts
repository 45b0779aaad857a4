/** The command line as a tree of commands. */
import { Command } from "commander";
import { applyCommand, deleteCommand } from "./commands/apply.ts";
import { chatCommand } from "./commands/chat.ts";
import { completionCommand } from "./commands/completion.ts";
import { demoCommand } from "./commands/demo.ts";
import { devCommand } from "./commands/dev.ts";
import { getCommand } from "./commands/get.ts";
import { logsCommand } from "./commands/logs.ts";
import { operatorCommand } from "./commands/operator.ts";
import { routeCommand } from "./commands/route.ts";
import { runtimeCommand } from "./commands/runtime.ts";
import { whyCommand } from "./commands/why.ts";
import type { CommandContext } from "./context.ts";
import { readVersion } from "./version.ts";

/** All of `lmos`. Help and errors of usage go where the context's terminal says. */
export function createProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command("lmos")
    .description(
      "LMOS control plane: agents announce capabilities, channels require them, messages find their agent",
    )
    .version(readVersion())
    .showHelpAfterError("(see lmos --help)")
    .addHelpText(
      "after",
      "\nStart here:\n  lmos demo            a whole system on this machine\n  lmos demo --check    the same, checking itself",
    );
  const commands = [
    demoCommand(context),
    devCommand(context),
    getCommand(context),
    applyCommand(context),
    deleteCommand(context),
    whyCommand(context),
    routeCommand(context),
    chatCommand(context),
    logsCommand(context),
    operatorCommand(context),
    runtimeCommand(context),
    completionCommand(context, program),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.hint(text.trimEnd()),
    });
  }
  return program;
}
