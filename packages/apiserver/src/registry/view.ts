/**
 * How a served definition sees what is stored. Objects are stored in one version (and events in one group); another
 * served version of the same kind differs in its `apiVersion` and, where the strategy says so, in its fields.
 */
import type { JsonObject } from "@lmos/primitives";
import { apiVersionOf, type ResourceDefinition } from "@lmos/resource-definitions";
import { applyDefaults, pruneUnknown } from "@lmos/structural-schema";
import type { StoredObject } from "../storage/stored-object.ts";
import { qualifiedResource } from "./catalogue.ts";
import { strategyOf } from "./strategy.ts";

/** The name under which the objects of a definition are stored. */
export function storageResource(definition: ResourceDefinition): string {
  return strategyOf(definition).storedAs?.resource ?? qualifiedResource(definition);
}

/** A stored object as the definition shows it. */
export function valueFor(definition: ResourceDefinition, stored: StoredObject): JsonObject {
  const value = upToDate(definition, stored);
  const converted = strategyOf(definition).storedAs?.fromStored(value) ?? value;
  const apiVersion = apiVersionOf(definition);
  return converted["apiVersion"] === apiVersion ? converted : { ...converted, apiVersion };
}

/** The JSON text of {@link valueFor}: the stored text itself whenever nothing differs. */
export function textFor(definition: ResourceDefinition, stored: StoredObject): string {
  const isSame = !predates(definition, stored) && stored.text.startsWith(typeStart(definition).slice(0, -1));
  return isSame ? stored.text : JSON.stringify(valueFor(definition, stored));
}

/** A stored object as the schema of today would have it. */
function upToDate(definition: ResourceDefinition, stored: StoredObject): JsonObject {
  const value = stored.value();
  const { schema } = definition;
  if (schema === undefined || !predates(definition, stored)) return value;
  return applyDefaults(schema, pruneUnknown(schema, value).value);
}

function predates({ since = 0 }: ResourceDefinition, { revision }: StoredObject): boolean {
  return revision < since;
}

/** How the text of each stored object begins: its type comes first. */
export function typeStart(definition: ResourceDefinition): string {
  return `{"apiVersion":${JSON.stringify(apiVersionOf(definition))},"kind":"${definition.kind}",`;
}

/** The object in the form in which it is stored. */
export function toStored(definition: ResourceDefinition, object: JsonObject): JsonObject {
  const { apiVersion: _version, kind: _kind, metadata = {}, ...rest } = object;
  const ordered = { apiVersion: apiVersionOf(definition), kind: definition.kind, metadata, ...rest };
  return strategyOf(definition).storedAs?.toStored(ordered) ?? ordered;
}
