/** Faults of single fields, worded exactly as Kubernetes words them. */

/** What is wrong with a field, under Kubernetes' own names. */
export type FieldErrorKind =
  | "Required"
  | "Invalid"
  | "NotSupported"
  | "TypeInvalid"
  | "TooLong"
  | "TooMany"
  | "Duplicate"
  | "NotFound"
  | "Forbidden";

/** One fault of one field. */
export interface FieldError {
  readonly kind: FieldErrorKind;
  /** For example `spec.requiredCapabilities[0].name`; `""` for the whole object. */
  readonly field: string;
  /** The value at fault, where the wording shows it. */
  readonly value?: unknown;
  /** May be empty. */
  readonly detail: string;
}

/** A field that must be there. */
export function required(field: string, detail = ""): FieldError {
  return { kind: "Required", field, detail };
}

/** A value that its field does not take. */
export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { kind: "Invalid", field, value, detail };
}

/** A field that may not be there. */
export function forbidden(field: string, detail: string): FieldError {
  return { kind: "Forbidden", field, detail };
}

const titles: Readonly<Record<FieldErrorKind, string>> = {
  Required: "Required value",
  Invalid: "Invalid value",
  NotSupported: "Unsupported value",
  TypeInvalid: "Invalid value",
  TooLong: "Too long",
  TooMany: "Too many",
  Duplicate: "Duplicate value",
  NotFound: "Not found",
  Forbidden: "Forbidden",
};

const kindsWithoutValue: ReadonlySet<FieldErrorKind> = new Set(["Required", "TooLong", "Forbidden"]);

/** The error as Kubernetes words it: `spec.replicas: Required value`. */
export function formatFieldError(error: FieldError): string {
  return `${fieldErrorPath(error)}: ${fieldErrorBody(error)}`;
}

/** The field as a Status cause names it; Kubernetes writes `<nil>` for the whole object. */
export function fieldErrorPath(error: FieldError): string {
  return error.field === "" ? "<nil>" : error.field;
}

/** The error without its field, as the `message` of a Status cause says it. */
export function fieldErrorBody(error: FieldError): string {
  const title = titles[error.kind];
  const shown = kindsWithoutValue.has(error.kind) ? title : `${title}: ${goJson(error.value ?? null)}`;
  return error.detail === "" ? shown : `${shown}: ${error.detail}`;
}

/** Go escapes what could be taken for HTML, but not in a plain text. */
function goJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (typeof value === "string") return text;
  return text.replace(/[<>&]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);
}

/** The `reason` of a Status cause: `FieldValueRequired`. */
export function fieldErrorReason(error: FieldError): string {
  return `FieldValue${error.kind}`;
}

/** The path of a member: `spec` and `name` give `spec.name`. */
export function childPath(path: string, member: string): string {
  return path === "" ? member : `${path}.${member}`;
}
