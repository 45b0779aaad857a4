/** `lmos memory get TENANT/USER KEY`: the values under one key, as agents read them. */
import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { CliError } from "../../errors.ts";
import { readMemories } from "../../management-client.ts";
import { renderStructured } from "../../output/structured.ts";
import { type ShownUserOptions, userAddress, withUserOptions } from "./user-options.ts";

/** The command `memory get`. */
export function getMemoryCommand(context: CommandContext): Command {
  const command = new Command("get").description("show the values under one key, with who wrote them");
  return withUserOptions(command)
    .argument("<key>", "such as city")
    .addHelpText("after", "\nExamples:\n  lmos memory get acme/ada city")
    .action(async (name: string, key: string, options: ShownUserOptions) => {
      const user = await userAddress(name, options, context);
      const memories = await readMemories(user, { signal: context.signal });
      const found = memories.filter((memory) => memory.key === key);
      if (found.length === 0) {
        throw new CliError(
          "NotFound",
          `nothing is remembered under ${key}: see \`lmos memory list ${name}\``,
        );
      }
      context.terminal.print(renderStructured("json", found));
    });
}
