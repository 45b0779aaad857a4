/** `lmos resolve -f`: how the channels of some files would be wired, without any cluster. */
import type { GrantsMode } from "@lmos/resources";
import { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import {
  type Filenames,
  filenameOption,
  filenamesText,
  readFilenames,
  recursiveOption,
} from "../filename-option.ts";
import { asFilesSay, grantsOption } from "../grants-option.ts";
import { hintUnknownFields } from "../unknown-fields.ts";
import { describeFaults, wireAll } from "../wiring.ts";
import { resolvedLines } from "../wiring-text.ts";
import { worldOfManifests } from "../world.ts";

interface ResolveOptions {
  readonly filename: Filenames;
  readonly recursive?: boolean;
  readonly grants?: GrantsMode;
}

/** The command `resolve`. */
export function resolveCommand(context: CommandContext): Command {
  return new Command("resolve")
    .addOption(filenameOption("Agents and Channels").makeOptionMandatory())
    .addOption(recursiveOption())
    .addOption(grantsOption(asFilesSay))
    .addHelpText(
      "after",
      "\nExamples:\n  lmos resolve -f catalogue/\n  kustomize build catalogue | lmos resolve -f -\n\nNeeds no cluster. Exit code 1 when a channel would be unresolved, or a duplicate of another.",
    )
    .action(async ({ filename, recursive, grants }: ResolveOptions) => {
      const { terminal } = context;
      const manifests = await readFilenames(filename, context, { recursive });
      hintUnknownFields(manifests, terminal);
      const wired = wireAll(worldOfManifests(manifests, "default", grants));
      if (wired.length === 0) throw new CliError("Usage", `${filenamesText(filename)} holds no Channel`);
      for (const line of wired.flatMap((one) => resolvedLines(one, terminal))) terminal.print(line);
      const faults = describeFaults(wired);
      if (faults !== undefined) throw new CliError("Findings", faults);
    });
}
