/** Which objects of a resource a list, a watch or a deletecollection is about. */
import {
  type FieldSelector,
  type LabelSelector,
  parseFieldSelector,
  parseLabelSelector,
  requiredValue,
  selectsFields,
  selectsLabels,
} from "@lmos/kubernetes-syntax";
import { errorMessage, type JsonObject } from "@lmos/primitives";
import type { ResourceDefinition } from "@lmos/resource-definitions";
import { RequestError } from "../errors.ts";
import type { StoredObject } from "../storage/stored-object.ts";
import { strategyOf } from "./strategy.ts";
import { valueFor } from "./view.ts";

/** A namespace (undefined: all) and the selectors. */
export interface Selection {
  readonly definition: ResourceDefinition;
  readonly namespace: string | undefined;
  readonly labels: LabelSelector;
  readonly fields: FieldSelector;
}

/** Reads the selectors of a request. Throws `BadRequest`. */
export function parseSelection(
  definition: ResourceDefinition,
  namespace: string | undefined,
  query: URLSearchParams,
): Selection {
  const allowed = strategyOf(definition).selectableFields ?? definition.selectableFields;
  const fields = readSelector(() => parseFieldSelector(query.get("fieldSelector") ?? "", allowed));
  return {
    definition,
    namespace: namespace ?? (definition.namespaced ? requiredValue(fields, "metadata.namespace") : undefined),
    labels: readSelector(() => parseLabelSelector(query.get("labelSelector") ?? "")),
    fields,
  };
}

/** What a reader makes of a parameter, with its complaint as a `BadRequest`. */
function readSelector<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RequestError("BadRequest", errorMessage(error));
  }
}

/** True if every object of the namespace is selected. */
export function selectsAll({ labels, fields }: Selection): boolean {
  return labels.length === 0 && fields.length === 0;
}

/** True if the object is selected. */
export function selects(selection: Selection, stored: StoredObject): boolean {
  if (selection.namespace !== undefined && stored.namespace !== selection.namespace) return false;
  if (!selectsLabels(selection.labels, stored.labels)) return false;
  if (selection.fields.length === 0) return true;
  return selectsFields(selection.fields, fieldsOf(selection, stored));
}

/** Selecting by name and namespace, by far the most common, needs no parsing. */
function fieldsOf({ definition, fields }: Selection, stored: StoredObject): JsonObject {
  if (!fields.every(({ path }) => path.startsWith("metadata."))) return valueFor(definition, stored);
  return { metadata: { name: stored.name, namespace: stored.namespace } };
}
