/** Writes stored objects in the form that a client asked for: whole, as their metadata alone, or as rows of a table. */

import { metadataOf } from "@lmos/kubernetes-syntax";
import type { JsonObject } from "@lmos/primitives";
import { apiVersionOf, type ResourceDefinition } from "@lmos/resource-definitions";
import { renderTable } from "@lmos/resource-table";
import { RequestError } from "../errors.ts";
import type { ListPage } from "../registry/list.ts";
import { textFor, typeStart, valueFor } from "../registry/view.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import type { Representation } from "./accept.ts";

/** What objects are written with. */
export interface Encoding {
  readonly definition: ResourceDefinition;
  readonly as: Representation["as"];
  /** What a table's rows carry beside their cells (`includeObject`). */
  readonly includeObject: "None" | "Metadata" | "Object";
  /** Tables of one watch describe their columns once. */
  readonly withoutColumns?: boolean | undefined;
  /** For ages, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Throws `NotAcceptable` where the metadata of one object is asked for of a list, or the other way round. */
export function requireMetadataOf(shape: "one" | "list", { definition, as }: Encoding): void {
  const isCustom = definition.origin === "custom";
  const goPackage = definition.group === "" ? "core" : definition.group.split(".")[0];
  const type = isCustom ? "unstructured.Unstructured" : `${goPackage}.${definition.kind}`;
  const requested = "but the requested object is";
  if (shape === "list" && as === "metadata") {
    throw notAcceptable(`you requested PartialObjectMetadata, ${requested} a list (*${type}List)`);
  }
  if (shape === "one" && as === "metadata-list") {
    throw notAcceptable(`you requested PartialObjectMetadataList, ${requested} not a list (*${type})`);
  }
}

function notAcceptable(message: string): RequestError {
  return new RequestError("NotAcceptable", message);
}

/** The JSON text of one object. */
export function encodeObject(encoding: Encoding, stored: StoredObject): string {
  const { definition } = encoding;
  if (encoding.as === "metadata") return JSON.stringify(partialMetadata(valueFor(definition, stored)));
  if (encoding.as !== "table") return textFor(definition, stored);
  const objects = [valueFor(definition, stored)];
  return JSON.stringify(renderTable({ ...encoding, objects, resourceVersion: String(stored.revision) }));
}

/** The JSON text of a list. */
export function encodeList(encoding: Encoding, page: ListPage): string {
  requireMetadataOf("list", encoding);
  if (encoding.as === "table") return encodeTable(encoding, page);
  const { definition, as } = encoding;
  const metadata = {
    resourceVersion: String(page.revision),
    continue: page.continueToken ?? (as === "object" && definition.origin === "custom" ? "" : undefined),
    remainingItemCount: page.remaining,
  };
  const type =
    as === "metadata-list"
      ? { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" }
      : { kind: definition.listKind, apiVersion: apiVersionOf(definition) };
  const untyped = as === "object" && definition.origin === "builtin";
  const start = untyped ? typeStart(definition) : "";
  const each: Encoding = as === "metadata-list" ? { ...encoding, as: "metadata" } : encoding;
  const items = page.items.map((stored) => withoutStart(encodeObject(each, stored), start)).join(",");
  const list = as === "metadata-list" && items === "" ? "null" : `[${items}]`; // as Go writes a list that nobody made
  return `${JSON.stringify({ ...type, metadata }).slice(0, -1)},"items":${list}}`;
}

/** The object of a bookmark: nothing but a kind and a resourceVersion. */
export function encodeBookmark(encoding: Encoding, revision: number, initialEventsEnd: boolean): string {
  const { definition, as } = encoding;
  const resourceVersion = String(revision);
  if (as === "table") return JSON.stringify(renderTable({ ...encoding, objects: [], resourceVersion }));
  const annotations = initialEventsEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  const metadata = { resourceVersion, ...annotations };
  if (as === "metadata") return JSON.stringify(partialMetadata({ metadata }));
  return JSON.stringify({ kind: definition.kind, apiVersion: apiVersionOf(definition), metadata });
}

/** Items of built-in lists do not tell their type, which is that of the list. */
function withoutStart(text: string, start: string): string {
  return start !== "" && text.startsWith(start) ? `{${text.slice(start.length)}` : text;
}

function encodeTable(encoding: Encoding, page: ListPage): string {
  const table = renderTable({
    ...encoding,
    objects: page.items.map((stored) => valueFor(encoding.definition, stored)),
    resourceVersion: String(page.revision),
    continueToken: page.continueToken,
    remainingItemCount: page.remaining,
  });
  return JSON.stringify(table);
}

function partialMetadata(object: JsonObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: metadataOf(object) };
}
