import type { JsonObject } from "@lmos/primitives";
import type { FieldError, FieldErrorKind } from "../field-error.ts";
import type { StructuralSchema } from "../structural-schema.ts";
import { validateSchema } from "../validate.ts";
import type { RuleNode } from "./rule-tree.ts";
import { validateRules } from "./validate-rules.ts";

/** Faults with which a value may not be what its rules expect. */
const blocking: ReadonlySet<FieldErrorKind> = new Set([
  "NotSupported",
  "Required",
  "TooLong",
  "TooMany",
  "TypeInvalid",
]);

const notChecked: FieldError = {
  kind: "Invalid",
  field: "",
  value: null,
  detail:
    "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
};

/** What metadata must hold is checked by rules of its own. */
function isOfContent({ kind, field }: FieldError): boolean {
  return kind !== "Required" || !field.startsWith("metadata.");
}

/** What the content of an object is held to; undefined is not checked. */
export interface ContentRules {
  readonly schema: StructuralSchema | undefined;
  readonly rules?: RuleNode | undefined;
}

/** What of an object its definition's schema and rules don't allow; `old` is undefined for a new one. */
export function contentErrors(
  { schema, rules }: ContentRules,
  object: JsonObject,
  old: JsonObject | undefined,
): readonly FieldError[] {
  const errors = schema === undefined ? [] : validateSchema(schema, object, old).filter(isOfContent);
  if (rules === undefined) return errors;
  if (errors.some(({ kind }) => blocking.has(kind))) return [...errors, notChecked];
  return [...errors, ...validateRules(rules, object, old)];
}
