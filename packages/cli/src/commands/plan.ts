/** `lmos plan -f`: what applying some files would change in the wiring of a cluster. Nothing is written. */
import type { GrantsMode } from "@lmos/resources";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { type Filenames, filenameOption, readFilenames, recursiveOption } from "../filename-option.ts";
import { asClusterSays, grantsOption } from "../grants-option.ts";
import { planAll } from "../plan.ts";
import { hintUnknownFields } from "../unknown-fields.ts";
import { describeFaults } from "../wiring.ts";
import { planLines } from "../wiring-text.ts";
import { overlay, worldOfCluster, worldOfManifests } from "../world.ts";

interface PlanOptions extends ConnectionOptions {
  readonly filename: Filenames;
  readonly recursive?: boolean;
  readonly grants?: GrantsMode;
}

/** The command `plan`. */
export function planCommand(context: CommandContext): Command {
  const command = new Command("plan")
    .addOption(filenameOption("Agents and Channels").makeOptionMandatory())
    .addOption(recursiveOption())
    .addOption(grantsOption(asClusterSays))
    .addHelpText(
      "after",
      "\nExamples:\n  lmos plan -f channel.yaml\n  kustomize build overlays/next | lmos plan -f -\n\nExit code 1 when a channel would be unresolved, or a duplicate of another.",
    );
  return withConnectionOptions(command).action((options: PlanOptions) => plan(options, context));
}

async function plan(options: PlanOptions, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const manifests = await readFilenames(options.filename, context, options);
  hintUnknownFields(manifests, terminal);
  await using target = connect(options, context);
  const files = worldOfManifests(manifests, target.connection.namespace);
  const before = await worldOfCluster(target.client, { namespace: undefined, mode: options.grants, signal });
  const wired = planAll(overlay(before, files), context.clock.now());
  const lines = wired.flatMap((one) => planLines(one, terminal));
  for (const line of lines.length > 0 ? lines : ["no channel's wiring changes"]) terminal.print(line);
  const faults = describeFaults(wired);
  if (faults !== undefined) throw new CliError("Findings", faults);
}
