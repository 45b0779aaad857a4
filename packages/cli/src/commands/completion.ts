/** `lmos completion SHELL`: prints a completion script. */
import { Argument, Command } from "commander";
import { completionScript, type Shell, shells } from "../completion-script.ts";
import type { CommandContext } from "../context.ts";

/** The command `completion`; `program` is what the script completes. */
export function completionCommand({ terminal }: CommandContext, program: Command): Command {
  return new Command("completion")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText(
      "after",
      '\nExamples:\n  eval "$(lmos completion bash)"\n  lmos completion fish > ~/.config/fish/completions/lmos.fish',
    )
    .action((shell: Shell) => terminal.print(completionScript(shell, program)));
}
