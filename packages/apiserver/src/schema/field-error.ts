/** What is wrong with a field, under Kubernetes' own names. */
export type FieldErrorKind =
  | "Required"
  | "Invalid"
  | "NotSupported"
  | "TypeInvalid"
  | "TooLong"
  | "TooMany"
  | "Duplicate"
  | "Forbidden";

/** One fault of one field. */
export interface FieldError {
  readonly kind: FieldErrorKind;
  /** For example `spec.requiredCapabilities[0].name`; `""` for the whole object. */
  readonly field: string;
  /** The value at fault. */
  readonly value: unknown;
  readonly detail: string;
}

/** The error as Kubernetes words it: `spec.replicas: Required value`. */
export function formatFieldError(error: FieldError): string {
  return `${error.field === "" ? "<nil>" : error.field}: ${fieldErrorBody(error)}`;
}

/** The error without its field, as the `message` of a Status cause says it. */
export function fieldErrorBody(error: FieldError): string {
  return error.detail;
}

/** The `reason` of a Status cause: `FieldValueRequired`. */
export function fieldErrorReason(error: FieldError): string {
  return `FieldValue${error.kind}`;
}
