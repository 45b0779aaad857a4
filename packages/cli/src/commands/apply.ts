/** `lmos apply -f`: objects of any kind, from files, folders or standard input. */
import { applyObjects } from "@lmos/local";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { describeObject } from "../describe-object.ts";
import { type Filenames, filenameOption, readFilenames } from "../filename-option.ts";
import { Refusals } from "../refusals.ts";

interface ApplyOptions extends ConnectionOptions {
  readonly filename: Filenames;
}

/** The command `apply`. */
export function applyCommand(context: CommandContext): Command {
  const command = new Command("apply")
    .addOption(filenameOption("objects of any kind").makeOptionMandatory())
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  lmos apply -f channel.yaml",
        "  lmos apply -f examples/acme -f channel.yaml",
        "  kustomize build overlays/next | lmos apply -f -",
        "\nAn object that the cluster refuses is named, and the others are applied: exit code 1 then.",
      ].join("\n"),
    );
  return withConnectionOptions(command).action((options: ApplyOptions) => apply(options, context));
}

async function apply(options: ApplyOptions, context: CommandContext): Promise<void> {
  const { signal, terminal } = context;
  const objects = await readFilenames(options.filename, context);
  await using target = connect(options, context);
  const refusals = new Refusals(terminal);
  await applyObjects(target.client, objects, {
    signal,
    onApplied: (object) => terminal.print(`${describeObject(object)} applied`),
    onRefused: refusals.add,
  });
  refusals.throwIfAny(objects.length);
}
