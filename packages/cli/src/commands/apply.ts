/** `lmos apply -f`: objects of any kind, from files or folders. */
import { resolve } from "node:path";
import { applyObjects } from "@lmos/local";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { describeObject } from "../describe-object.ts";
import { readManifests } from "../manifests.ts";

interface FileOptions extends ConnectionOptions {
  readonly filename: string;
}

/** The command `apply`. */
export function applyCommand(context: CommandContext): Command {
  const command = new Command("apply")
    .requiredOption("-f, --filename <path>", "YAML file, or a folder of *.yaml")
    .addHelpText("after", "\nExamples:\n  lmos apply -f channel.yaml\n  lmos apply -f examples/acme");
  return withConnectionOptions(command).action(async (options: FileOptions) => {
    const objects = await readManifests(resolve(context.environment.workingDirectory, options.filename));
    await using target = connect(options, context);
    // One by one: where a later object is refused, it is known what was applied before.
    await applyObjects(target.client, objects, {
      signal: context.signal,
      onApplied: (object) => context.terminal.print(`${describeObject(object)} applied`),
    });
  });
}
