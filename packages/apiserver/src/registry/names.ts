/** Names of objects, labels and annotations: what Kubernetes accepts, and its words for what it does not. */
import type { JsonObject, Random } from "@lmos/primitives";
import { textAt, textMapAt } from "../json-access.ts";
import type { FieldError } from "../schema/field-error.ts";
import type { Strategy } from "./strategy.ts";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";
const maxGeneratedBase = 58;
const maxAnnotationBytes = 262_144;

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const qualifiedRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** A name out of `generateName`: five random letters and digits after it. */
export function generatedName(base: string, random: Random): string {
  const letters = Array.from(
    { length: 5 },
    () => suffixLetters[Math.floor(random.next() * suffixLetters.length)],
  );
  return base.slice(0, maxGeneratedBase) + letters.join("");
}

/** What is wrong with an object's name, labels and annotations. */
export function validateMetadata(metadata: JsonObject, names: Strategy["names"]): readonly FieldError[] {
  const name = textAt(metadata, "name") ?? "";
  return [
    ...(name === "" ? [nameRequired()] : validateName(name, names)),
    ...Object.entries(textMapAt(metadata, "labels")).flatMap(validateLabel),
    ...validateAnnotations(textMapAt(metadata, "annotations")),
  ];
}

function nameRequired(): FieldError {
  return { kind: "Required", field: "metadata.name", detail: "name or generateName is required" };
}

function validateName(name: string, names: Strategy["names"]): readonly FieldError[] {
  const invalid = (detail: string): FieldError => ({
    kind: "Invalid",
    field: "metadata.name",
    value: name,
    detail,
  });
  switch (names) {
    case "segment":
      if (name === "." || name === "..") return [invalid(`may not be '${name}'`)];
      return /[/%]/.test(name) ? [invalid("may not contain '/'")] : [];
    case "label":
      if (name.length > 63) return [invalid("must be no more than 63 characters")];
      return label.test(name) ? [] : [invalid(labelRule)];
    case undefined:
      if (name.length > 253) return [invalid("must be no more than 253 characters")];
      return subdomain.test(name) ? [] : [invalid(subdomainRule)];
    default:
      return names satisfies never;
  }
}

function validateLabel([key, value]: readonly [string, string]): readonly FieldError[] {
  const errors = validateKey(key, "metadata.labels");
  const invalid = (detail: string): FieldError => ({
    kind: "Invalid",
    field: "metadata.labels",
    value,
    detail,
  });
  if (value.length > 63) errors.push(invalid("must be no more than 63 characters"));
  if (value !== "" && !qualifiedPart.test(value)) errors.push(invalid(labelValueRule));
  return errors;
}

function validateKey(key: string, field: string): FieldError[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const valid =
    parts.length <= 2 &&
    name.length <= 63 &&
    qualifiedPart.test(name) &&
    (prefix === undefined || subdomain.test(prefix));
  return valid ? [] : [{ kind: "Invalid", field, value: key, detail: qualifiedRule }];
}

function validateAnnotations(annotations: Readonly<Record<string, string>>): readonly FieldError[] {
  const field = "metadata.annotations";
  const errors = Object.keys(annotations).flatMap((key) => validateKey(key.toLowerCase(), field));
  const bytes = Object.entries(annotations).flat().join("").length;
  if (bytes > maxAnnotationBytes)
    errors.push({ kind: "TooLong", field, detail: `may not be more than ${maxAnnotationBytes} bytes` });
  return errors;
}
