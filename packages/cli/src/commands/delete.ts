/** `lmos delete -f`: the objects that files, folders or standard input name. */
import { type DeletedObject, deleteObjects } from "@lmos/local";
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { describeObject } from "../describe-object.ts";
import { type Filenames, filenameOption, readFilenames } from "../filename-option.ts";
import { Refusals } from "../refusals.ts";

interface DeleteOptions extends ConnectionOptions {
  readonly filename: Filenames;
}

/** The command `delete`. */
export function deleteCommand(context: CommandContext): Command {
  const command = new Command("delete")
    .addOption(filenameOption("objects of any kind").makeOptionMandatory())
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  lmos delete -f channel.yaml",
        "  kustomize build overlays/next | lmos delete -f -",
        "\nThe last object goes first. What is not there is no failure.",
      ].join("\n"),
    );
  return withConnectionOptions(command).action((options: DeleteOptions) => remove(options, context));
}

async function remove(options: DeleteOptions, context: CommandContext): Promise<void> {
  const { signal, terminal } = context;
  const objects = await readFilenames(options.filename, context);
  await using target = connect(options, context);
  const refusals = new Refusals(terminal);
  await deleteObjects(target.client, objects, {
    signal,
    onDeleted: (deleted) => terminal.print(deletedText(deleted)),
    onRefused: refusals.add,
  });
  refusals.throwIfAny(objects.length);
}

function deletedText({ object, outcome }: DeletedObject): string {
  return `${describeObject(object)} ${outcome === "deleted" ? "deleted" : "was not there"}`;
}
