/** `lmos delete`: objects that are named, or that files, folders or standard input name. */
import { type DeletedObject, deleteObjects } from "@lmos/local";
import { Command } from "commander";
import { type ConnectionOptions, connect, type Target, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { describeObject } from "../describe-object.ts";
import { CliError } from "../errors.ts";
import { type Filenames, filenameOption, readFilenames, recursiveOption } from "../filename-option.ts";
import type { Manifest } from "../manifests.ts";
import { findKind, manifestsOf, parseNamedObjects } from "../named-objects.ts";
import { checkNamespace, namespaceOption } from "../object-namespace.ts";
import { Refusals } from "../refusals.ts";

interface DeleteOptions extends ConnectionOptions {
  readonly filename?: Filenames;
  readonly recursive?: boolean;
  readonly namespace?: string;
}

/** The command `delete`. */
export function deleteCommand(context: CommandContext): Command {
  const command = new Command("delete")
    .argument("[kind-and-names...]", "such as channel acme-web-stable, or deployment/roaming-agent")
    .addOption(filenameOption("objects of any kind"))
    .addOption(recursiveOption())
    .addOption(namespaceOption())
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  lmos delete deployment roaming-agent",
        "  lmos delete -f channel.yaml",
        "  kustomize build overlays/next | lmos delete -f -",
        "\nOf files the last object goes first, and what is not there is no failure. What is named has to be there.",
      ].join("\n"),
    );
  return withConnectionOptions(command).action((words: readonly string[], options: DeleteOptions) =>
    options.filename === undefined
      ? deleteNamed(words, options, context)
      : deleteFiles(words, options, context),
  );
}

async function deleteFiles(
  words: readonly string[],
  options: DeleteOptions,
  context: CommandContext,
): Promise<void> {
  if (words.length > 0)
    throw new CliError("Usage", `${words.join(" ")} and -f: name objects, or files that name them`);
  const { namespace, recursive, filename = [] } = options;
  const objects = await readFilenames(filename, context, { recursive });
  checkNamespace(objects, namespace);
  await using target = connect(options, context, { namespace });
  await remove(target, objects, context);
}

async function deleteNamed(
  words: readonly string[],
  options: DeleteOptions,
  context: CommandContext,
): Promise<void> {
  if (words.length === 0)
    throw new CliError(
      "Usage",
      "name an object by its kind and its name, or a file with -f (see lmos delete --help)",
    );
  const { kind, names } = parseNamedObjects(words);
  await using target = connect(options, context);
  const found = await findKind(target.client, kind, { signal: context.signal });
  const namespace = options.namespace ?? target.connection.namespace;
  const deleted = await remove(target, manifestsOf(names, { ...found, namespace }), context);
  if (deleted.some(({ outcome }) => outcome === "absent"))
    throw new CliError("NotFound", "not all that was named was there, as said above");
}

async function remove(
  { client }: Target,
  objects: readonly Manifest[],
  { signal, terminal }: CommandContext,
): Promise<readonly DeletedObject[]> {
  const refusals = new Refusals(terminal);
  const deleted = await deleteObjects(client, objects, {
    signal,
    onDeleted: (one) => terminal.print(deletedText(one)),
    onRefused: refusals.add,
  });
  refusals.throwIfAny(objects.length);
  return deleted;
}

function deletedText({ object, outcome }: DeletedObject): string {
  return `${describeObject(object)} ${outcome === "deleted" ? "deleted" : "was not there"}`;
}
