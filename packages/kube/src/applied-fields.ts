/**
 * Which fields of an object each server-side applier owns. Managed fields are stripped from objects, as they make up
 * much of their size; what appliers own is kept beside the object, out of sight (a symbol that is neither enumerated
 * nor copied), because {@link applyIfChanged} can't notice a field that is no longer wanted without it.
 */
import { isRecord } from "@lmos/primitives";

/** A set of fields as in `fieldsV1`: `f:name`, `k:{…}` (list item by keys), `v:…` (set member), `.` (itself). */
export interface FieldSet {
  readonly [path: string]: FieldSet;
}

/** What one manager owns by apply. `subresource` is `""` for the object itself. */
export interface AppliedFields {
  readonly manager: string;
  readonly subresource: string;
  readonly fields: FieldSet;
}

const appliedFields = Symbol("appliedFields");

interface WithAppliedFields {
  readonly [appliedFields]?: readonly AppliedFields[];
}

/** Reads `metadata.managedFields`; undefined when the object has none. */
export function readAppliedFields(managedFields: unknown): readonly AppliedFields[] | undefined {
  if (!Array.isArray(managedFields)) return undefined;
  return managedFields.filter(isRecord).flatMap((entry) => {
    const { operation, manager, subresource, fieldsV1 } = entry;
    if (operation !== "Apply" || typeof manager !== "string" || !isFieldSet(fieldsV1)) return [];
    return [{ manager, subresource: typeof subresource === "string" ? subresource : "", fields: fieldsV1 }];
  });
}

/** Puts them beside an object. One that can't be extended stays without. */
export function attachAppliedFields(object: object, fields: readonly AppliedFields[] | undefined): void {
  if (fields === undefined || !Object.isExtensible(object)) return;
  Object.defineProperty(object, appliedFields, { value: fields, enumerable: false });
}

/** Those that were put beside an object that came from a client; undefined when nothing is known. */
export function appliedFieldsOf(object: object & WithAppliedFields): readonly AppliedFields[] | undefined {
  return object[appliedFields];
}

function isFieldSet(value: unknown): value is FieldSet {
  return isRecord(value) && Object.values(value).every(isFieldSet);
}
