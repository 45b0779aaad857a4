/** A value that JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** JSON text with object keys sorted at every level: equal values give equal text. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (isRecord(member) ? sortKeys(member) : member));
}

/** True when both would be written as the same JSON, whatever the order of their keys. Writes no text of large values. */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) return equalItems(left, right);
  if (isPlain(left) && isPlain(right)) return equalMembers(left, right);
  return canonicalJson(left) === canonicalJson(right);
}

function equalItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, at) => jsonEqual(itemOf(item), itemOf(right[at])));
}

/** What a list can't hold in JSON is null there. */
function itemOf(item: unknown): unknown {
  return isWritten(item) ? item : null;
}

function equalMembers(left: Record<string, unknown>, right: Record<string, unknown>): boolean {
  const names = Object.keys(left).filter((name) => isWritten(left[name]));
  const others = Object.keys(right).filter((name) => isWritten(right[name]));
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(right, name) && jsonEqual(left[name], right[name]))
  );
}

function isWritten(member: unknown): boolean {
  return member !== undefined && typeof member !== "function" && typeof member !== "symbol";
}

/** True for an object that is written member by member: dates and the like say themselves what they are as JSON. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value["toJSON"] !== "function";
}

/** True for a plain object: neither null nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
