/** `lmos get KIND [NAME…]`: agents, channels, routings, rollouts, tenants and grants with the columns that matter. */
import {
  type InvalidObject,
  isKubeError,
  type KubeClient,
  type ObjectList,
  versionOf,
  type WatchEvent,
} from "@lmos/kube";
import { Command, Option } from "commander";
import { type ConnectionOptions, connect, withConnectionOptions } from "../connect.ts";
import type { CommandContext } from "../context.ts";
import { CliError } from "../errors.ts";
import { parseNamedObjects } from "../named-objects.ts";
import { renderStructured } from "../output/structured.ts";
import { renderTable } from "../output/table.ts";
import { readAll } from "../read-all.ts";
import { untilStopped } from "../until-stopped.ts";
import { completeColumns, type Shown, type View, withView } from "../views.ts";

interface GetOptions extends ConnectionOptions {
  readonly namespace?: string;
  readonly allNamespaces?: boolean;
  readonly selector?: string;
  readonly output: "table" | "wide" | "json" | "yaml" | "name" | "ndjson";
  readonly watch?: boolean;
  readonly headers: boolean;
}

/** Where objects are read from, and where they are shown. */
interface World {
  readonly client: KubeClient;
  readonly context: CommandContext;
}

/** What is asked for. */
interface Query<T extends Shown> {
  readonly view: View<T>;
  /** All of the kind where there are none. */
  readonly names: readonly string[];
  readonly namespace: string | undefined;
  readonly options: GetOptions;
}

/** The command `get`. */
export function getCommand(context: CommandContext): Command {
  const command = new Command("get")
    .argument(
      "<kind>",
      "agents, channels, routings, rollouts, tenants or grants (short names ag, ch, cr, crl, ten, cg)",
    )
    .argument("[names...]", "only these objects; KIND/NAME does as well")
    .option("-n, --namespace <namespace>", "namespace (else that of the kubeconfig)")
    .option("-A, --all-namespaces", "all namespaces")
    .option("-l, --selector <selector>", "label selector, such as tenant=acme,channel!=ivr")
    .addOption(
      new Option("-o, --output <format>", "format")
        .choices(["table", "wide", "json", "yaml", "name", "ndjson"])
        .default("table"),
    )
    .option("-w, --watch", "go on with a line for each change, until Ctrl-C")
    .option("--no-headers", "leave the head line out")
    .addHelpText(
      "after",
      "\nExamples:\n  lmos get channels -A\n  lmos get agents -o wide\n  lmos get routings acme-web-stable -o yaml\n  lmos get agents order-agent billing-agent",
    );
  return withConnectionOptions(command).action(
    async (word: string, words: readonly string[], options: GetOptions) => {
      const { kind, names } = word.includes("/")
        ? parseNamedObjects([word, ...words])
        : { kind: word, names: words };
      await withView(kind, async (view) => {
        await using target = connect(options, context);
        const namespace =
          options.allNamespaces === true || !view.type.namespaced
            ? undefined
            : (options.namespace ?? target.connection.namespace);
        await show({ view, names, namespace, options }, target.client, context);
      });
    },
  );
}

async function show<T extends Shown>(
  query: Query<T>,
  client: KubeClient,
  context: CommandContext,
): Promise<void> {
  const list = await read(query, client, context.signal);
  for (const invalid of list.invalid) hintInvalid(invalid, context);
  printObjects(query, list.items, context);
  if (query.options.watch === true) await follow(query, list.resourceVersion, { client, context });
}

async function read<T extends Shown>(
  { view, names, namespace, options }: Query<T>,
  client: KubeClient,
  signal: AbortSignal,
): Promise<ObjectList<T>> {
  const list = await readAll(client, view.type, {
    namespace,
    fieldSelector: fieldSelectorOf(names),
    labelSelector: options.selector,
    signal,
  });
  const items = list.items.filter((item) => isNamed(item, names));
  const missing = names.filter((name) => !items.some(({ metadata }) => metadata.name === name));
  if (missing.length > 0) {
    throw new CliError(
      "NotFound",
      `${view.type.singular} ${missing.join(", ")} not found in ${namespace ?? "any namespace"}`,
    );
  }
  return { ...list, items };
}

/** Several names are beyond a field selector: all objects are read then. */
function fieldSelectorOf(names: readonly string[]): string | undefined {
  return names.length === 1 ? `metadata.name=${names[0]}` : undefined;
}

function isNamed({ metadata }: Shown, names: readonly string[]): boolean {
  return names.length === 0 || names.includes(metadata.name);
}

function printObjects<T extends Shown>(query: Query<T>, items: readonly T[], context: CommandContext): void {
  if (items.length === 0)
    context.terminal.hint(`no ${query.view.type.plural} in ${query.namespace ?? "any namespace"}`);
  for (const line of linesOf(query, items, context.clock.now())) context.terminal.print(line);
}

function linesOf<T extends Shown>(query: Query<T>, items: readonly T[], nowMs: number): readonly string[] {
  const { output, headers, allNamespaces } = query.options;
  switch (output) {
    case "json":
    case "yaml":
    case "ndjson":
      return [renderStructured(output, query.names.length === 1 && items.length === 1 ? items[0] : items)];
    case "name":
      return items.map(
        ({ metadata }) => `${query.view.type.singular}.${query.view.type.group}/${metadata.name}`,
      );
    case "table":
    case "wide": {
      if (items.length === 0) return [];
      const columns = completeColumns(query.view, {
        withNamespace: allNamespaces === true && query.view.type.namespaced,
        nowMs,
      });
      return renderTable(columns, items, { headers, wide: output === "wide" });
    }
    default:
      return output satisfies never;
  }
}

/** A watch that the server ends in order is opened again, but not more often than this. */
const shortestWatchMs = 1_000;

async function follow<T extends Shown>(query: Query<T>, from: string, world: World): Promise<void> {
  const { clock, signal } = world.context;
  await untilStopped(signal, async () => {
    for (let resourceVersion = from; ; ) {
      const openedAtMs = clock.monotonic();
      resourceVersion = await followOnce(query, resourceVersion, world);
      const waitMs = shortestWatchMs - (clock.monotonic() - openedAtMs);
      if (waitMs > 0) await clock.sleep(waitMs, { signal });
    }
  });
}

/** Shows changes until the server ends the watch; returns where the next one goes on. */
async function followOnce<T extends Shown>(query: Query<T>, from: string, world: World): Promise<string> {
  const { view, names, namespace, options } = query;
  let resourceVersion = from;
  const changes = world.client.watch(view.type, {
    namespace,
    fieldSelector: fieldSelectorOf(names),
    labelSelector: options.selector,
    resourceVersion,
    signal: world.context.signal,
  });
  try {
    for await (const change of changes) {
      if (!("object" in change) || isNamed(change.object, names)) showChange(query, change, world.context);
      resourceVersion = versionOf(change) ?? resourceVersion;
    }
    return resourceVersion;
  } catch (error) {
    if (!isKubeError(error, "Expired")) throw error;
    const list = await read(query, world.client, world.context.signal); // what came in between is among these
    printObjects(query, list.items, world.context);
    return list.resourceVersion;
  }
}

function showChange<T extends Shown>(query: Query<T>, change: WatchEvent<T>, context: CommandContext): void {
  switch (change.kind) {
    case "added":
    case "modified": {
      const options = { ...query.options, headers: false };
      printObjects({ ...query, names: [change.object.metadata.name], options }, [change.object], context);
      return;
    }
    case "deleted":
      context.terminal.hint(`${query.view.type.singular} ${change.object.metadata.name} deleted`);
      return;
    case "invalid":
      hintInvalid(change.invalid, context);
      return;
    case "bookmark":
      return;
    default:
      change satisfies never;
  }
}

function hintInvalid({ key, reason }: InvalidObject, { terminal }: CommandContext): void {
  terminal.hint(`left out ${key?.name ?? "an object"}: ${reason}`);
}
