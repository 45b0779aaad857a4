/** `lmos delete -f`: the objects that files or folders name. */
import { resolve } from "node:path";
import { deleteObjects } from "@lmos/local";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { describeObject } from "../describe-object.ts";
import { readManifests } from "../manifests.ts";

interface FileOptions extends ConnectionOptions {
  readonly filename: string;
}

/** The command `delete`. */
export function deleteCommand(context: CommandContext): Command {
  const command = new Command("delete")
    .requiredOption("-f, --filename <path>", "YAML file, or a folder of *.yaml")
    .addHelpText("after", "\nExamples:\n  lmos delete -f channel.yaml");
  return withConnectionOptions(command).action(async (options: FileOptions) => {
    const objects = await readManifests(resolve(context.environment.workingDirectory, options.filename));
    await using target = connect(options, context);
    await deleteObjects(target.client, objects, {
      signal: context.signal,
      onDeleted: ({ object, outcome }) =>
        context.terminal.print(
          `${describeObject(object)} ${outcome === "deleted" ? "deleted" : "was not there"}`,
        ),
    });
  });
}
