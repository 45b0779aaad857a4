/** `lmos dev [PATH]`: a laptop cluster with your YAML. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { defaultDirectory } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { followUntilStopped } from "../laptop/follow.ts";
import { laptopDirectory, startLaptop } from "../laptop/start-laptop.ts";
import { summarize } from "../laptop/summary.ts";
import { readManifests } from "../manifests.ts";
import { Refusals } from "../refusals.ts";

interface DevOptions {
  readonly dir: string;
  readonly freePorts?: boolean;
}

/** The command `dev`. */
export function devCommand(context: CommandContext): Command {
  return new Command("dev")
    .argument("[path]", "YAML file or folder of *.yaml to apply; processes run in its folder")
    .option("--dir <folder>", "folder of the cluster's state", defaultDirectory)
    .option("--free-ports", "take any free ports")
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  lmos dev examples/acme",
        "  lmos dev            # go on with what is in .lmos",
        "\nAn object that the cluster refuses is named, and all goes on without it.",
      ].join("\n"),
    )
    .action((path: string | undefined, options: DevOptions) => dev(path, options, context));
}

async function dev(
  path: string | undefined,
  { dir, freePorts = false }: DevOptions,
  context: CommandContext,
): Promise<void> {
  const { environment } = context;
  const source = path === undefined ? undefined : resolve(environment.workingDirectory, path);
  const manifests = source === undefined ? [] : await readManifests(source);
  const baseFolder = source === undefined ? environment.workingDirectory : await folderOf(source);
  const directory = laptopDirectory(dir, environment);
  const refusals = new Refusals(context.terminal);
  const options = { directory, baseFolder, manifests, freePorts, onRefused: refusals.add };
  await using laptop = await startLaptop(options, context);
  for (const line of await summarize(laptop, context)) context.terminal.print(line);
  refusals.remind(manifests.length, `mend them, then lmos apply -f ${path}`);
  await followUntilStopped(laptop, context);
}

async function folderOf(path: string): Promise<string> {
  return (await stat(path)).isDirectory() ? path : dirname(path);
}
