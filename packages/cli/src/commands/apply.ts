/** `lmos apply -f`: objects of any kind, from files, folders or standard input. */
import { applyObjects } from "@lmos/local";
import { Command, Option } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { describeObject } from "../describe-object.ts";
import { type Filenames, filenameOption, readFilenames, recursiveOption } from "../filename-option.ts";
import { checkNamespace, namespaceOption } from "../object-namespace.ts";
import { Refusals } from "../refusals.ts";

interface ApplyOptions extends ConnectionOptions {
  readonly filename: Filenames;
  readonly recursive?: boolean;
  readonly namespace?: string;
  readonly dryRun?: "server";
}

/** The command `apply`. */
export function applyCommand(context: CommandContext): Command {
  const command = new Command("apply")
    .addOption(filenameOption("objects of any kind").makeOptionMandatory())
    .addOption(recursiveOption())
    .addOption(namespaceOption())
    .addOption(
      new Option("--dry-run [how]", "ask the cluster whether it would take them, and write nothing")
        .choices(["server"])
        .preset("server"),
    )
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  lmos apply -f channel.yaml",
        "  lmos apply -f examples/acme -f channel.yaml",
        "  lmos apply -R -f overlays/next -n shop --dry-run",
        "  kustomize build overlays/next | lmos apply -f -",
        "\nAn object that the cluster refuses is named, and the others are applied: exit code 1 then.",
      ].join("\n"),
    );
  return withConnectionOptions(command).action((options: ApplyOptions) => apply(options, context));
}

async function apply(options: ApplyOptions, context: CommandContext): Promise<void> {
  const { signal, terminal } = context;
  const { recursive, namespace } = options;
  const objects = await readFilenames(options.filename, context, { recursive });
  checkNamespace(objects, namespace);
  await using target = connect(options, context, { namespace });
  const refusals = new Refusals(terminal);
  const dryRun = options.dryRun !== undefined;
  await applyObjects(target.client, objects, {
    dryRun,
    signal,
    onApplied: (object) =>
      terminal.print(`${describeObject(object)} ${dryRun ? "would be applied" : "applied"}`),
    onRefused: refusals.add,
  });
  refusals.throwIfAny(objects.length);
}
