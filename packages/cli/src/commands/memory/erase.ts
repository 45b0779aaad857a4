/** `lmos memory erase TENANT/USER --yes`: forgets all conversations and memories of a user. */
import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { CliError } from "../../errors.ts";
import { eraseUser, readMemories } from "../../management-client.ts";
import { type UserOptions, userAddress, withUserOptions } from "./user-options.ts";

interface EraseOptions extends UserOptions {
  readonly yes?: boolean;
}

/** The command `memory erase`. */
export function eraseCommand(context: CommandContext): Command {
  const command = new Command("erase").description(
    "forget all conversations and memories of a user, for good",
  );
  return withUserOptions(command)
    .option("--yes", "do it; without this the command says what it would do")
    .addHelpText(
      "after",
      "\nExamples:\n  lmos memory erase acme/ada          # says what it would forget\n  lmos memory erase acme/ada --yes",
    )
    .action(async (name: string, options: EraseOptions) => {
      const { terminal, signal } = context;
      const user = await userAddress(name, options, context);
      if (options.yes !== true) {
        const memories = await readMemories(user, { signal });
        throw new CliError(
          "Usage",
          `this would forget ${memories.length} memories of ${name} and all its conversations, for good: add --yes`,
        );
      }
      const { conversations, memories } = await eraseUser(user, { signal });
      terminal.print(`erased ${conversations} conversations and ${memories} memories of ${name}`);
      terminal.hint("a turn that ran meanwhile may have written again: erase once more when it is over");
    });
}
