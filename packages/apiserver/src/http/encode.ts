/** Writes stored objects in the form that a client asked for: whole, as their metadata alone, or as rows of a table. */
import type { JsonObject } from "@lmos/primitives";
import { metadataOf } from "../json-access.ts";
import type { ListPage } from "../registry/list.ts";
import { textFor, valueFor } from "../registry/view.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import type { Representation } from "./accept.ts";

/** What objects are written with. */
export interface Encoding {
  readonly definition: ResourceDefinition;
  readonly as: Representation["as"];
  /** What a table's rows carry beside their cells (`includeObject`). */
  readonly includeObject: "None" | "Metadata" | "Object";
  /** For ages, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The JSON text of one object. */
export function encodeObject(encoding: Encoding, stored: StoredObject): string {
  const { definition } = encoding;
  switch (encoding.as) {
    case "metadata":
      return JSON.stringify(partialMetadata(valueFor(definition, stored)));
    case "table":
    case "object":
    case "discovery":
      return textFor(definition, stored);
    default:
      return encoding.as satisfies never;
  }
}

/** The JSON text of a list. */
export function encodeList(encoding: Encoding, page: ListPage): string {
  const { definition, as } = encoding;
  const metadata = {
    resourceVersion: String(page.revision),
    continue: page.continueToken,
    remainingItemCount: page.remaining,
  };
  const type =
    as === "metadata"
      ? { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" }
      : { kind: definition.listKind, apiVersion: apiVersionOf(definition) };
  const items = page.items.map((stored) => encodeObject(encoding, stored)).join(",");
  return `${JSON.stringify({ ...type, metadata }).slice(0, -1)},"items":[${items}]}`;
}

/** The object of a bookmark: nothing but a kind and a resourceVersion. */
export function encodeBookmark(
  { definition }: Encoding,
  revision: number,
  initialEventsEnd: boolean,
): string {
  const annotations = initialEventsEnd ? { annotations: { "k8s.io/initial-events-end": "true" } } : {};
  const metadata = { resourceVersion: String(revision), creationTimestamp: null, ...annotations };
  return JSON.stringify({ kind: definition.kind, apiVersion: apiVersionOf(definition), metadata });
}

/** The metadata of an object as an object of its own. */
export function partialMetadata(object: JsonObject): JsonObject {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: metadataOf(object) };
}
