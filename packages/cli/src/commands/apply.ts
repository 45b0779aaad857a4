/** `lmos apply -f` and `lmos delete -f`: objects of any kind, from files or folders. */
import { resolve } from "node:path";
import { type KubeObject, keyText } from "@lmos/kube";
import { applyObjects, deleteObjects } from "@lmos/local";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { readManifests } from "../manifests.ts";

interface FileOptions extends ConnectionOptions {
  readonly filename: string;
}

/** The command `apply`. */
export function applyCommand(context: CommandContext): Command {
  const command = new Command("apply")
    .description("apply the objects of YAML files (server-side, field manager lmos)")
    .requiredOption("-f, --filename <path>", "YAML file, or a folder of *.yaml")
    .addHelpText("after", "\nExamples:\n  lmos apply -f channel.yaml\n  lmos apply -f examples/acme");
  return withConnectionOptions(command).action(async (options: FileOptions) => {
    const objects = await readManifests(resolve(context.environment.workingDirectory, options.filename));
    await using target = connect(options, context);
    const applied = await applyObjects(target.client, objects, { signal: context.signal });
    for (const object of applied) context.terminal.print(`${describe(object)} applied`);
  });
}

/** The command `delete`. */
export function deleteCommand(context: CommandContext): Command {
  const command = new Command("delete")
    .description("delete the objects that YAML files name")
    .requiredOption("-f, --filename <path>", "YAML file, or a folder of *.yaml")
    .addHelpText("after", "\nExamples:\n  lmos delete -f channel.yaml");
  return withConnectionOptions(command).action(async (options: FileOptions) => {
    const objects = await readManifests(resolve(context.environment.workingDirectory, options.filename));
    await using target = connect(options, context);
    for (const { object, outcome } of await deleteObjects(target.client, objects, {
      signal: context.signal,
    })) {
      context.terminal.print(`${describe(object)} ${outcome === "deleted" ? "deleted" : "was not there"}`);
    }
  });
}

function describe({ kind, metadata }: KubeObject): string {
  return `${kind.toLowerCase()} ${keyText(metadata)}`;
}
