import { stringify } from "yaml";

/** The formats of data for programs. */
export type StructuredFormat = "json" | "yaml" | "ndjson";

/** A value in a format for programs; for `ndjson` one line an element of an array. */
export function renderStructured(format: StructuredFormat, value: unknown): string {
  switch (format) {
    case "json":
      return JSON.stringify(value, undefined, 2);
    case "yaml":
      return stringify(value, { lineWidth: 0 }).trimEnd();
    case "ndjson":
      return (Array.isArray(value) ? value : [value]).map((element) => JSON.stringify(element)).join("\n");
    default:
      return format satisfies never;
  }
}
