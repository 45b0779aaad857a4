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

/** Read from the server's entries when somebody asks for it: most objects of a list are never compared. */
interface Ownership {
  readonly entries: readonly Record<string, unknown>[];
  fields?: readonly AppliedFields[];
}

const ownership = Symbol("ownership");

interface WithOwnership {
  readonly [ownership]?: Ownership;
}

/** Puts what appliers own, by `metadata.managedFields`, beside an object; nothing where the object has none. */
export function attachManagedFields(object: object, managedFields: unknown): void {
  if (!Array.isArray(managedFields)) return;
  attach(object, {
    entries: managedFields.filter(isRecord).filter(({ operation }) => operation === "Apply"),
  });
}

/** Puts them beside an object as they are. */
export function attachAppliedFields(object: object, fields: readonly AppliedFields[]): void {
  attach(object, { entries: [], fields });
}

/** Those that were put beside an object that came from a client; undefined when nothing is known. */
export function appliedFieldsOf(object: object & WithOwnership): readonly AppliedFields[] | undefined {
  const owned = object[ownership];
  if (owned !== undefined) owned.fields ??= owned.entries.flatMap(readEntry);
  return owned?.fields;
}

/** An object that can't be extended stays without. */
function attach(object: object, value: Ownership): void {
  if (Object.isExtensible(object)) Object.defineProperty(object, ownership, { value, enumerable: false });
}

function readEntry({ manager, subresource, fieldsV1 }: Record<string, unknown>): readonly AppliedFields[] {
  if (typeof manager !== "string" || !isFieldSet(fieldsV1)) return [];
  return [{ manager, subresource: typeof subresource === "string" ? subresource : "", fields: fieldsV1 }];
}

function isFieldSet(value: unknown): value is FieldSet {
  return isRecord(value) && Object.values(value).every(isFieldSet);
}
