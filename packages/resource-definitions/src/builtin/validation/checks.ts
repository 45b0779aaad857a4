import type { NameRule } from "@lmos/kubernetes-syntax";
import { type JsonObject, type JsonValue, jsonEqual, objectAt, textAt } from "@lmos/primitives";
import { type FieldError, invalid, required } from "@lmos/structural-schema";

/** The checks of which the hand-written rules of Kubernetes are made, in its words. */

/** What a rule of one kind says of an object; `old` is its last state, undefined for a new one. */
export type KindRule = (object: JsonObject, old: JsonObject | undefined) => readonly FieldError[];

export function duplicate(field: string, value: unknown): FieldError {
  return { kind: "Duplicate", field, value, detail: "" };
}

export function notSupported(field: string, value: unknown, known: readonly string[]): FieldError {
  const detail = `supported values: ${known.map((each) => JSON.stringify(each)).join(", ")}`;
  return { kind: "NotSupported", field, value, detail };
}

/** A member that must be one of some words; absent is fine. */
export function oneOf(
  object: JsonObject,
  member: string,
  known: readonly string[],
  path = "",
): readonly FieldError[] {
  const value = object[member];
  const field = path === "" ? member : `${path}.${member}`;
  if (value === undefined || known.some((each) => each === value)) return [];
  return [notSupported(field, value, known)];
}

/** A name that must be there and follow a rule. */
export function named(field: string, name: string | undefined, rule: NameRule): readonly FieldError[] {
  if (name === undefined || name === "") return [required(field)];
  return rule(name).map((detail) => invalid(field, name, detail));
}

/** Numbers among the members that must not be negative. */
export function notNegative(
  object: JsonObject,
  members: readonly string[],
  path: string,
): readonly FieldError[] {
  return members.flatMap((member) => {
    const value = object[member];
    const isNegative = typeof value === "number" && value < 0;
    return isNegative ? [invalid(`${path}.${member}`, value, "must be greater than or equal to 0")] : [];
  });
}

export function portInRange(field: string, value: unknown): readonly FieldError[] {
  if (typeof value !== "number" || (value >= 1 && value <= 65_535)) return [];
  return [invalid(field, value, "must be between 1 and 65535, inclusive")];
}

/** Names of ports, as services and probes refer to them. */
export const portName: NameRule = (name) => [
  ...(name.length > 15 ? ["must be no more than 15 characters"] : []),
  ...(/^[-a-z0-9]+$/.test(name)
    ? []
    : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(name) ? [] : ["must contain at least one letter (a-z)"]),
  ...(name.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(/^-|-$/.test(name) ? ["must not begin or end with a hyphen"] : []),
];

/** A number or the name of a port. */
export function portReference(field: string, value: unknown): readonly FieldError[] {
  if (typeof value === "string") return portName(value).map((detail) => invalid(field, value, detail));
  return portInRange(field, value);
}

/** A member that stays as it was made. */
export function immutable(
  object: JsonObject,
  old: JsonObject | undefined,
  path: readonly string[],
): readonly FieldError[] {
  if (old === undefined) return [];
  const [before, after] = [old, object].map((each) => valueAt(each, path));
  return jsonEqual(before, after) ? [] : [invalid(path.join("."), after ?? null, "field is immutable")];
}

/** The value at the end of a path of members. */
export function valueAt(object: JsonObject, path: readonly string[]): JsonValue | undefined {
  const holder = path.slice(0, -1).reduce(objectAt, object);
  return holder[path.at(-1) ?? ""];
}

/** The items whose member repeats that of an earlier one. */
export function repeated(items: readonly JsonObject[], member: string, path: string): readonly FieldError[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const value = textAt(item, member);
    if (!value || !seen.has(value)) {
      if (value) seen.add(value);
      return [];
    }
    return [duplicate(`${path}[${index}].${member}`, value)];
  });
}
