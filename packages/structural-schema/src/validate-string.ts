import { compileExpression } from "@lmos/cel";
import { hasFormat } from "@lmos/kubernetes-syntax";
import type { FieldError } from "./field-error.ts";
import type { StructuralSchema } from "./structural-schema.ts";

/** The faults of a text: its length (in characters), its pattern, its format. */
export function stringErrors(schema: StructuralSchema, path: string, value: string): readonly FieldError[] {
  const { format } = schema;
  const errors = contentErrors(schema, path, value);
  if (format === undefined || hasFormat(format, value)) return errors;
  const detail = `${path} in body must be of type ${format}: ${JSON.stringify(value)}`;
  return [...errors, { kind: "TypeInvalid", field: path, value, detail }];
}

/** Only the first of these is reported, as in Kubernetes. */
function contentErrors(schema: StructuralSchema, path: string, value: string): readonly FieldError[] {
  const { minLength, maxLength, pattern } = schema;
  const length = [...value].length;
  const invalid = (detail: string): readonly FieldError[] => [
    { kind: "Invalid", field: path, value, detail: `${path} in body ${detail}` },
  ];
  if (maxLength !== undefined && length > maxLength) return [tooLong(path, maxLength)];
  if (minLength !== undefined && length < minLength)
    return invalid(`should be at least ${minLength} chars long`);
  return pattern === undefined || matches(pattern, value) ? [] : invalid(`should match '${pattern}'`);
}

function tooLong(path: string, most: number): FieldError {
  return {
    kind: "TooLong",
    field: path,
    detail: `may not be more than ${most} ${most === 1 ? "byte" : "bytes"}`,
  };
}

/** A pattern that does not compile was refused with its definition. */
function matches(pattern: string, value: string): boolean {
  const compiled = compileExpression(pattern);
  return compiled.kind === "malformed" || compiled.expression.test(value);
}
