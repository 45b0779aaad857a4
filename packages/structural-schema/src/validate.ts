import { isRecord, jsonEqual } from "@lmos/primitives";
import { childPath, type FieldError } from "./field-error.ts";
import { allowedTypes, jsonTypeOf } from "./json-type.ts";
import { correlatedItems, duplicateErrors } from "./list-keys.ts";
import { memberSchemaOf } from "./member-schema.ts";
import type { StructuralSchema } from "./structural-schema.ts";
import { stringErrors } from "./validate-string.ts";

/**
 * Says what of a value its schema does not allow, in the wording of kube-apiserver (kube-openapi's validation of
 * custom resources). Keywords of a type other than the value's are passed over, as there.
 */

/**
 * All faults of a value, in the order of the schema; none when it is valid. Unknown members are no fault. With the value
 * that it replaces, faults of parts that stay as they were are passed over: a schema may be tightened while objects exist.
 */
export function validateSchema(
  schema: StructuralSchema,
  value: unknown,
  old: unknown = undefined,
): readonly FieldError[] {
  const errors = validateAt({ schema, path: "", value, old: undefined });
  return errors.length === 0 || old === undefined ? errors : validateAt({ schema, path: "", value, old });
}

interface Node {
  readonly schema: StructuralSchema;
  readonly path: string;
  readonly value: unknown;
  /** What stood in this place before; undefined if nothing did, or if that can't be told. */
  readonly old: unknown;
}

function validateAt(node: Node): readonly FieldError[] {
  if (node.old !== undefined && jsonEqual(node.value, node.old)) return [];
  if (node.value === null && node.schema.nullable === true) return [];
  return [...typeErrors(node), ...combinedErrors(node), ...valueErrors(node), ...enumErrors(node)];
}

function typeErrors({ schema, path, value }: Node): readonly FieldError[] {
  const allowed = allowedTypes(schema);
  const actual = jsonTypeOf(value);
  if (allowed.length === 0 || allowed.some((type) => type === actual)) return [];
  if (actual === "integer" && allowed.includes("number")) return [];
  const detail = `${path} in body must be of type ${allowed.join(",")}: ${JSON.stringify(actual)}`;
  return [{ kind: "TypeInvalid", field: path, value: actual, detail }];
}

function valueErrors(node: Node): readonly FieldError[] {
  const { schema, path, value } = node;
  if (typeof value === "string") return stringErrors(schema, path, value);
  if (typeof value === "number") return numberErrors(schema, path, value);
  if (Array.isArray(value)) return listErrors(node, value);
  return isRecord(value) ? objectErrors(node, value) : [];
}

function numberErrors(schema: StructuralSchema, path: string, value: number): readonly FieldError[] {
  const { maximum, minimum, multipleOf, exclusiveMaximum = false, exclusiveMinimum = false } = schema;
  const details: string[] = [];
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    details.push(`should be a multiple of ${multipleOf}`);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    details.push(
      exclusiveMaximum ? `should be less than ${maximum}` : `should be less than or equal to ${maximum}`,
    );
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    details.push(
      exclusiveMinimum
        ? `should be greater than ${minimum}`
        : `should be greater than or equal to ${minimum}`,
    );
  }
  return details.map((detail) => ({
    kind: "Invalid",
    field: path,
    value,
    detail: `${path} in body ${detail}`,
  }));
}

function listErrors({ schema, path, old }: Node, value: readonly unknown[]): readonly FieldError[] {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const errors: FieldError[] = [];
  const invalid = (detail: string, shown: unknown) =>
    errors.push({ kind: "Invalid", field: path, value: shown, detail: `${path} in body ${detail}` });
  if (items !== undefined) {
    const oldOf = correlatedItems(schema, old);
    errors.push(
      ...value.flatMap((item, index) =>
        validateAt({ schema: items, path: `${path}[${index}]`, value: item, old: oldOf(item) }),
      ),
    );
  }
  if (minItems !== undefined && value.length < minItems) {
    invalid(`should have at least ${minItems} items`, value.length);
  }
  if (maxItems !== undefined && value.length > maxItems) errors.push(tooMany(path, value.length, maxItems));
  if (uniqueItems === true && hasDuplicates(value)) invalid("shouldn't contain duplicates", "");
  return [...errors, ...duplicateErrors(schema, path, value)];
}

function objectErrors(
  { schema, path, old }: Node,
  value: Readonly<Record<string, unknown>>,
): readonly FieldError[] {
  const { minProperties, maxProperties, required = [] } = schema;
  const size = Object.keys(value).length;
  const errors: FieldError[] = [];
  if (minProperties !== undefined && size < minProperties) {
    const detail = `${path} in body should have at least ${minProperties} properties`;
    errors.push({ kind: "Invalid", field: path, value: size, detail });
  }
  if (maxProperties !== undefined && size > maxProperties) errors.push(tooMany(path, size, maxProperties));
  for (const [key, member] of Object.entries(value)) {
    const memberSchema = memberSchemaOf(schema, key);
    if (memberSchema !== undefined) {
      const before = isRecord(old) ? old[key] : undefined;
      errors.push(
        ...validateAt({ schema: memberSchema, path: childPath(path, key), value: member, old: before }),
      );
    }
  }
  const missing = required.filter((key) => !Object.hasOwn(value, key));
  return [...errors, ...missing.map((key) => requiredError(childPath(path, key)))];
}

function requiredError(path: string): FieldError {
  return { kind: "Required", field: path, detail: "" };
}

function tooMany(path: string, count: number, most: number): FieldError {
  const detail = `must have at most ${most} ${most === 1 ? "item" : "items"}`;
  return { kind: "TooMany", field: path, value: count, detail };
}

function hasDuplicates(items: readonly unknown[]): boolean {
  return items.some((item, index) => items.slice(0, index).some((earlier) => jsonEqual(earlier, item)));
}

function enumErrors({ schema, path, value }: Node): readonly FieldError[] {
  const choices = schema.enum;
  if (choices === undefined || choices.some((choice) => jsonEqual(choice, value))) return [];
  const shown = choices.map((choice) =>
    JSON.stringify(typeof choice === "string" ? choice : JSON.stringify(choice)),
  );
  return [{ kind: "NotSupported", field: path, value, detail: `supported values: ${shown.join(", ")}` }];
}

/** `allOf`, `anyOf`, `oneOf` and `not`; Kubernetes reports these without a field and adds the nearest branch's faults. */
function combinedErrors(node: Node): readonly FieldError[] {
  const { schema } = node;
  if (!(schema.allOf ?? schema.anyOf ?? schema.oneOf ?? schema.not)) return [];
  const check = (branches: readonly StructuralSchema[] = []) =>
    branches.map((branch) => validateAt({ ...node, schema: branch }));
  const any = check(schema.anyOf);
  const one = check(schema.oneOf);
  const all = check(schema.allOf);
  const valid = one.filter((errors) => errors.length === 0).length;
  const name = JSON.stringify(node.path);
  const errors: FieldError[] = [];
  if (any.length > 0 && any.every((branch) => branch.length > 0)) {
    errors.push(compositeError(`${name} must validate at least one schema (anyOf)`), ...fewest(any));
  }
  if (one.length > 0 && valid !== 1) {
    const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
    errors.push(compositeError(`${name} must validate one and only one schema (oneOf). ${found}`));
    if (valid === 0) errors.push(...fewest(one));
  }
  errors.push(...all.flat());
  if (all.some((branch) => branch.length > 0)) {
    const none = all.every((branch) => branch.length > 0) ? ". None validated" : "";
    errors.push(compositeError(`${name} must validate all the schemas (allOf)${none}`));
  }
  if (schema.not !== undefined && validateAt({ ...node, schema: schema.not }).length === 0) {
    errors.push(compositeError(`${name} must not validate the schema (not)`));
  }
  return errors;
}

function compositeError(detail: string): FieldError {
  return { kind: "Invalid", field: "", value: "", detail };
}

function fewest(branches: readonly (readonly FieldError[])[]): readonly FieldError[] {
  return branches.reduce((best, branch) => (branch.length < best.length ? branch : best));
}
