/** `lmos memory audit TENANT/USER`: who wrote, deleted and erased what of a user's memory, without the values. */
import { Command } from "commander";
import type { CommandContext } from "../../context.ts";
import { type AuditEntry, readAudit } from "../../management-client.ts";
import type { Column } from "../../output/table.ts";
import { printItems } from "./print-items.ts";
import { type ShownUserOptions, userAddress, withOutputOption, withUserOptions } from "./user-options.ts";

const columns: readonly Column<AuditEntry>[] = [
  { title: "AT", cell: ({ at }) => at },
  { title: "ACTION", cell: ({ action }) => action },
  { title: "BY", cell: ({ by }) => by },
  { title: "VISIBLE TO", cell: ({ visibility }) => visibility ?? "" },
  { title: "KEY", cell: ({ name }) => name ?? "" },
  { title: "TURN", cell: ({ turnId }) => turnId ?? "", wide: true },
];

/** The command `memory audit`. */
export function auditCommand(context: CommandContext): Command {
  const command = new Command("audit").description("say who wrote, deleted and erased what, without values");
  return withOutputOption(withUserOptions(command))
    .addHelpText("after", "\nExamples:\n  lmos memory audit acme/ada -o json")
    .action(async (name: string, options: ShownUserOptions) => {
      const { terminal, signal } = context;
      const entries = await readAudit(await userAddress(name, options, context), { signal });
      const nothing = "nothing was done to it";
      printItems(entries, { columns, output: options.output, nothing }, terminal);
    });
}
