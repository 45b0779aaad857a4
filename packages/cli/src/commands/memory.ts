/** `lmos memory`: what agents remember of a user, who wrote it, and how to have it forgotten. */
import { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { auditCommand } from "./memory/audit.ts";
import { eraseCommand } from "./memory/erase.ts";
import { getMemoryCommand } from "./memory/get.ts";
import { listCommand } from "./memory/list.ts";

/** The command `memory` with its commands. */
export function memoryCommand(context: CommandContext): Command {
  const command = new Command("memory").addHelpText(
    "after",
    "\nExamples:\n  lmos memory list acme/ada\n  lmos memory get acme/ada city\n  lmos memory audit acme/ada -o json\n  lmos memory erase acme/ada --yes\n\nA user of an OpenID provider is named by the subject of its token and --issuer.",
  );
  for (const make of [listCommand, getMemoryCommand, auditCommand, eraseCommand])
    command.addCommand(make(context));
  return command;
}
