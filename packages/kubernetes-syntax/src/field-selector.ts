/** Field selectors in their query form: `metadata.name=a,status.phase!=b`. */
import { asObject, type JsonObject, type JsonValue } from "@lmos/primitives";

/** One comparison of a field with a text. */
export interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

/** All comparisons must hold; none of them: everything is selected. */
export type FieldSelector = readonly FieldRequirement[];

/** Fields that every kind can be selected by. */
const commonFields: readonly string[] = ["metadata.name", "metadata.namespace"];

/** Reads a selector. Throws a SyntaxError on a fault, also on a field that is not among `allowed` (undefined: the kind has none). */
export function parseFieldSelector(text: string, allowed: readonly string[] | undefined): FieldSelector {
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => parseRequirement(part.trim(), text, allowed));
}

/** True if the object satisfies every comparison; a missing field counts as empty. */
export function selectsFields(selector: FieldSelector, object: JsonObject): boolean {
  return selector.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal);
}

/** The value that the selector asks `path` to have, if it does. */
export function requiredValue(selector: FieldSelector, path: string): string | undefined {
  return selector.find((requirement) => requirement.path === path && requirement.equal)?.value;
}

function parseRequirement(
  part: string,
  whole: string,
  allowed: readonly string[] | undefined,
): FieldRequirement {
  const found = /^(?<path>[^=!]+)(?<operator>==|=|!=)(?<value>[^=!]*)$/.exec(part)?.groups;
  if (found === undefined) {
    throw new SyntaxError(`invalid selector: '${whole}'; can't understand '${part}'`);
  }
  const { path = "", operator, value = "" } = found;
  if (!commonFields.includes(path) && allowed?.includes(path) !== true) throw unknownField(path, allowed);
  return { path, equal: operator !== "!=", value };
}

/** The two ways in which Kubernetes says it: of kinds with fields of their own, and of all others. */
function unknownField(path: string, allowed: readonly string[] | undefined): SyntaxError {
  const known = commonFields.map((field) => JSON.stringify(field)).join(", ");
  const message =
    allowed === undefined
      ? `${JSON.stringify(path)} is not a known field selector: only ${known}`
      : `field label not supported: ${path}`;
  return new SyntaxError(message);
}

function fieldText(object: JsonObject, path: string): string {
  const value = path
    .split(".")
    .reduce<JsonValue | undefined>((current, key) => asObject(current)?.[key], object);
  return value === undefined || value === null || typeof value === "object" ? "" : String(value);
}
