/** `lmos resolve -f`: how the channels of some files would be wired, without any cluster. */
import { resolve } from "node:path";
import type { GrantsMode } from "@lmos/operator";
import { Command } from "commander";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { asFilesSay, grantsOption } from "../grants-option.ts";
import { readManifests } from "../manifests.ts";
import { describeFaults, wireAll } from "../wiring.ts";
import { resolvedLines } from "../wiring-text.ts";
import { worldOfManifests } from "../world.ts";

/** The command `resolve`. */
export function resolveCommand({ terminal, environment }: CommandContext): Command {
  return new Command("resolve")
    .requiredOption("-f, --filename <path>", "YAML file with Agents and Channels, or a folder of *.yaml")
    .addOption(grantsOption(asFilesSay))
    .addHelpText(
      "after",
      "\nExamples:\n  lmos resolve -f catalogue/\n\nNeeds no cluster. Exit code 1 when a channel would be unresolved, or a duplicate of another.",
    )
    .action(async ({ filename, grants }: { readonly filename: string; readonly grants?: GrantsMode }) => {
      const manifests = await readManifests(resolve(environment.workingDirectory, filename));
      const wired = wireAll(worldOfManifests(manifests, "default", grants));
      if (wired.length === 0) throw new CliError("Usage", `${filename} holds no Channel`);
      for (const line of wired.flatMap((one) => resolvedLines(one, terminal))) terminal.print(line);
      const faults = describeFaults(wired);
      if (faults !== undefined) throw new CliError("Findings", faults);
    });
}
