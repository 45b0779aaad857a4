import { isRecord } from "@lmos/primitives";
import type { StructuralSchema } from "../structural-schema.ts";

const step = /\.([^.[\]]+)|\['((?:\\.|[^'\\])*)'\]/y;

/** A field of a schema, or why a path leads to none, in Kubernetes' words. */
export type FoundField =
  | {
      readonly kind: "found";
      /** As errors show it: `spec.items`, `labels[a]`. */
      readonly path: string;
      readonly schema: StructuralSchema;
    }
  | { readonly kind: "none"; readonly reason: string };

/** Follows a path below a schema, given as `.spec.items` or `.labels['a']`. */
export function findField(schema: StructuralSchema, path: string): FoundField {
  let shown = "";
  let current: StructuralSchema = schema;
  step.lastIndex = 0;
  for (let at = 0; at < path.length; at = step.lastIndex) {
    const match = step.exec(path);
    if (match === null) return { kind: "none", reason: faultAt(path, at) };
    const name = match[1] ?? (match[2] ?? "").replace(/\\(.)/g, "$1");
    const { properties, additionalProperties } = current;
    const isKey = properties === undefined && isRecord(additionalProperties);
    const next = isKey && isRecord(additionalProperties) ? additionalProperties : properties?.[name];
    if (next === undefined) return { kind: "none", reason: "does not refer to a valid field" };
    shown += isKey ? `[${name}]` : `.${name}`;
    current = next;
  }
  return { kind: "found", path: shown.replace(/^\./, ""), schema: current };
}

function faultAt(path: string, at: number): string {
  const rest = path.slice(at);
  const token = /^[^.[\]]+/.exec(rest)?.[0];
  return token === undefined ? "does not refer to a valid field" : `expected [ or . but got: ${token}`;
}

/** The same field as errors show it; undefined where the path leads to none. */
export function fieldPathIn(schema: StructuralSchema, path: string): string | undefined {
  const found = findField(schema, path);
  return found.kind === "found" ? found.path : undefined;
}
