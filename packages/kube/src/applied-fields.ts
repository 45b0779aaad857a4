/**
 * Which fields of an object each server-side applier owns. Managed fields are stripped from objects, as they make up
 * much of their size; what appliers own is kept beside the object, out of sight (a symbol that is neither enumerated
 * nor copied), because {@link applyIfChanged} can't notice a field that is no longer wanted without it.
 */
import { isRecord } from "@lmos/primitives";
import { SharedValues } from "./shared-values.ts";

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

const ownership = Symbol("ownership");

interface WithOwnership {
  readonly [ownership]?: readonly AppliedFields[];
}

/**
 * What the appliers of an object own is the same for most objects of a kind, and takes as much memory as the object: it is
 * held once, by its text, for as long as an object refers to it.
 */
const shared = new SharedValues<readonly AppliedFields[]>();

/** Puts what appliers own, by `metadata.managedFields`, beside an object; nothing where the object has none. */
export function attachManagedFields(object: object, managedFields: unknown): void {
  if (!Array.isArray(managedFields)) return;
  const entries = managedFields.filter(isRecord).filter(({ operation }) => operation === "Apply");
  const owned = entries.map(({ manager, subresource, fieldsV1 }) => ({ manager, subresource, fieldsV1 }));
  attachAppliedFields(
    object,
    shared.get(JSON.stringify(owned), () => owned.flatMap(readEntry)),
  );
}

/** Puts them beside an object as they are; an object that can't be extended stays without. */
export function attachAppliedFields(object: object, value: readonly AppliedFields[]): void {
  if (Object.isExtensible(object)) Object.defineProperty(object, ownership, { value, enumerable: false });
}

/** Those that were put beside an object that came from a client; undefined when nothing is known. */
export function appliedFieldsOf(object: object & WithOwnership): readonly AppliedFields[] | undefined {
  return object[ownership];
}

function readEntry({ manager, subresource, fieldsV1 }: Record<string, unknown>): readonly AppliedFields[] {
  if (typeof manager !== "string" || !isFieldSet(fieldsV1)) return [];
  return [{ manager, subresource: typeof subresource === "string" ? subresource : "", fields: fieldsV1 }];
}

function isFieldSet(value: unknown): value is FieldSet {
  return isRecord(value) && Object.values(value).every(isFieldSet);
}
