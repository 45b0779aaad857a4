import { asObject, type JsonObject, type JsonValue } from "@lmos/primitives";
import { goText } from "../go-text.ts";
import { asList, type MaybeSchema, schemaOfMember } from "../merge-kind.ts";

const patchTypes: ReadonlySet<unknown> = new Set([undefined, "delete", "merge", "replace"]);

/** Why a strategic merge patch can't be applied, in Kubernetes' words; undefined if it can. */
export function strategicPatchFault(patch: JsonObject, schema: MaybeSchema): string | undefined {
  if (!patchTypes.has(patch["$patch"])) {
    return `unknown patch type: ${String(patch["$patch"])} in map: ${goText(patch)}`;
  }
  for (const [key, value] of Object.entries(patch)) {
    const fault = key.startsWith("$")
      ? directiveFault(key, value)
      : memberFault(value, schemaOfMember(schema, key));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function directiveFault(key: string, value: JsonValue): string | undefined {
  if (!key.startsWith("$setElementOrder") || asObject(value) === undefined) return undefined;
  return "expected a []interface {}, but received a map[string]interface {}";
}

function memberFault(value: JsonValue, schema: MaybeSchema): string | undefined {
  const object = asObject(value);
  if (object !== undefined) return strategicPatchFault(object, schema);
  const key = schema?.["x-kubernetes-patch-merge-key"];
  if (key === undefined) return undefined;
  for (const item of asList(value) ?? []) {
    const fault = itemFault(asObject(item), key, schema?.items);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Items merge by their key, but for one that says that it replaces them all. */
function itemFault(item: JsonObject | undefined, key: string, schema: MaybeSchema): string | undefined {
  if (item === undefined) return undefined;
  if (item[key] === undefined && item["$patch"] !== "replace") {
    return `map: ${goText(item)} does not contain declared merge key: ${key}`;
  }
  return strategicPatchFault(item, schema);
}
