/** `lmos memory list TENANT/USER`: what agents remember of a user. */
import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { type KeptMemory, readMemories } from "../../management-client.ts";
import type { Column } from "../../output/table.ts";
import { printItems } from "./print-items.ts";
import { type ShownUserOptions, userAddress, withOutputOption, withUserOptions } from "./user-options.ts";

const maxValueLength = 40;

const columns: readonly Column<KeptMemory>[] = [
  { title: "TERM", cell: ({ term }) => term },
  { title: "VISIBLE TO", cell: ({ visibility }) => visibility },
  { title: "KEY", cell: ({ key }) => key },
  { title: "VALUE", cell: ({ value }) => shortText(value) },
  { title: "WRITTEN BY", cell: ({ writtenBy }) => writtenBy.agent },
  { title: "WRITTEN AT", cell: ({ writtenBy }) => writtenBy.at, wide: true },
  { title: "EXPIRES AT", cell: ({ expiresAt }) => expiresAt },
];

/** The command `memory list`. */
export function listCommand(context: CommandContext): Command {
  const command = new Command("list").description("list what agents remember of a user");
  return withOutputOption(withUserOptions(command))
    .addHelpText(
      "after",
      "\nExamples:\n  lmos memory list acme/ada\n  lmos memory list acme/6f1c --issuer https://id.example -o json",
    )
    .action(async (name: string, options: ShownUserOptions) => {
      const user = await userAddress(name, options, context);
      const memories = await readMemories(user, { signal: context.signal });
      const nothing = "nothing is remembered";
      printItems(memories, { columns, output: options.output, nothing }, context.terminal);
    });
}

function shortText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > maxValueLength ? `${text.slice(0, maxValueLength - 1)}…` : text;
}
