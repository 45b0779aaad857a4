import { isRecord } from "@lmos/primitives";
import type { StructuralSchema } from "../structural-schema.ts";

const step = /\.([^.[\]]+)|\['((?:\\.|[^'\\])*)'\]/y;

/**
 * The path of a field below a schema, given as `.spec.items` or `.labels['a']`, in the form in which errors show it
 * (`spec.items`, `labels[a]`); undefined if it does not lead to a field of the schema.
 */
export function fieldPathIn(schema: StructuralSchema, path: string): string | undefined {
  let shown = "";
  let current: StructuralSchema = schema;
  step.lastIndex = 0;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (match === null) return undefined;
    const name = match[1] ?? (match[2] ?? "").replace(/\\(.)/g, "$1");
    const { properties, additionalProperties } = current;
    const isKey = properties === undefined && isRecord(additionalProperties);
    const next = isKey && isRecord(additionalProperties) ? additionalProperties : properties?.[name];
    if (next === undefined) return undefined;
    shown += isKey ? `[${name}]` : `.${name}`;
    current = next;
  }
  return shown.replace(/^\./, "");
}
