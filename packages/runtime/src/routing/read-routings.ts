/**
 * The file of routings as the Kotlin runtime's file registry reads it: a list `channelRoutings` of ChannelRoutings, in
 * which `apiVersion`, `kind` and `namespace` may be left out. YAML, of which JSON is a part.
 */
import { keyOf, keyText } from "@lmos/kube";
import { errorMessage, isRecord } from "@lmos/primitives";
import { apiVersion, type ChannelRouting, channelIdentityOf, channelRoutingKind } from "@lmos/resources";
import { parse } from "yaml";
import { identityText } from "./snapshot.ts";

/** The routings of a text, or what is wrong with it. */
export type RoutingsText =
  | { readonly kind: "read"; readonly routings: readonly ChannelRouting[] }
  | { readonly kind: "unreadable"; readonly message: string };

const listKey = "channelRoutings";

/** Reads a text. Of several routings for one channel the first one counts. */
export function readRoutings(text: string): RoutingsText {
  if (text.trim() === "") return unreadable(`the file is empty: give it a list ${listKey}`);
  const document = parseYaml(text);
  if (document instanceof Error) return unreadable(`the file is no YAML: ${errorMessage(document)}`);
  const list = isRecord(document) ? document[listKey] : undefined;
  if (!Array.isArray(list)) return unreadable(`the file has no list ${listKey} at its top`);
  try {
    return { kind: "read", routings: firstOfEach(list.map(toRouting)) };
  } catch (error) {
    return unreadable(errorMessage(error));
  }
}

function parseYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    return error instanceof Error ? error : new Error(errorMessage(error));
  }
}

function toRouting(entry: unknown): ChannelRouting {
  const { metadata, ...rest } = isRecord(entry) ? entry : {};
  return channelRoutingKind.parse({
    ...{ apiVersion, kind: "ChannelRouting", ...rest },
    metadata: isRecord(metadata) ? { name: "", ...metadata } : metadata,
  });
}

/** Without a version, which nobody raises in a file: what is written there counts. */
function firstOfEach(routings: readonly ChannelRouting[]): readonly ChannelRouting[] {
  const found = new Map<string, ChannelRouting>();
  const names = new Set<string>();
  for (const routing of routings) {
    const key = identityText(channelIdentityOf(routing));
    if (found.has(key)) continue;
    const named = withName(routing, names);
    names.add(keyText(keyOf(named)));
    found.set(key, named);
  }
  return [...found.values()];
}

/** A file tells channels apart by their labels: names may be missing, or given twice, which a store knows nothing of. */
function withName(routing: ChannelRouting, taken: ReadonlySet<string>): ChannelRouting {
  const { tenant, channel, subset } = channelIdentityOf(routing);
  const { namespace = "default", name, resourceVersion: _, ...rest } = routing.metadata;
  const isTaken = name === "" || taken.has(keyText({ namespace, name }));
  const own = isTaken ? `${tenant}-${channel}-${subset}` : name;
  return { ...routing, metadata: { ...rest, namespace, name: own } };
}

function unreadable(message: string): RoutingsText {
  return { kind: "unreadable", message };
}
