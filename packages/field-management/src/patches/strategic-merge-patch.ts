import { asObject, type JsonObject, type JsonValue, jsonEqual, listAt, textsAt } from "@lmos/primitives";
import { asList, type MaybeSchema, schemaOfMember } from "../merge-kind.ts";
import { mergeSorted, type Same } from "./sorted-merge.ts";

/**
 * Strategic merge patch, the patch of `kubectl apply` and `kubectl edit` for built-in kinds: a merge patch whose
 * lists merge by the key that the schema names (`x-kubernetes-patch-merge-key`), with directives inside the patch
 * (`$patch`, `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`). Behaves as
 * `k8s.io/apimachinery/pkg/util/strategicpatch`. The document is not changed.
 */
export function strategicMergePatch(
  document: JsonObject,
  patch: JsonObject,
  schema: MaybeSchema,
): JsonObject {
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  if (patch["$patch"] === "delete") return {};
  const merged: Record<string, JsonValue> = retained(document, patch);
  for (const [key, value] of Object.entries(withoutDirectives(patch))) {
    const memberSchema = schemaOfMember(schema, key);
    if (value === null) delete merged[key];
    else merged[key] = patchedMember(merged[key], value, memberSchema);
  }
  return withListDirectives(merged, { document, patch, schema });
}

interface Merge {
  readonly document: JsonObject;
  readonly patch: JsonObject;
  readonly schema: MaybeSchema;
}

function withListDirectives(merged: JsonObject, { document, patch, schema }: Merge): JsonObject {
  const result: Record<string, JsonValue> = { ...merged };
  for (const [key, value] of Object.entries(patch)) {
    const [directive, member = ""] = splitDirective(key);
    const list = asList(result[member]);
    if (list === undefined) continue;
    const wanted = asList(value) ?? [];
    if (directive === "$deleteFromPrimitiveList") result[member] = withoutItems(list, wanted);
    if (directive === "$setElementOrder") {
      const before = asList(document[member]) ?? [];
      result[member] = ordered({ list, before, wanted, schema: schemaOfMember(schema, member) });
    }
  }
  return result;
}

function patchedMember(before: JsonValue | undefined, patch: JsonValue, schema: MaybeSchema): JsonValue {
  const object = asObject(patch);
  if (object !== undefined) return strategicMergePatch(asObject(before) ?? {}, object, schema);
  const list = asList(patch);
  if (list === undefined) return patch;
  return strategiesOf(schema).includes("merge") ? mergeList(asList(before) ?? [], list, schema) : list;
}

function mergeList(
  before: readonly JsonValue[],
  patch: readonly JsonValue[],
  schema: MaybeSchema,
): readonly JsonValue[] {
  const key = schema?.["x-kubernetes-patch-merge-key"];
  const directives = patch.filter((item) => directiveOf(item) !== undefined);
  const items = patch.filter((item) => directiveOf(item) === undefined);
  if (directives.some((item) => directiveOf(item) === "replace")) return items;
  const same = sameBy(key);
  const deleted = directives.filter((item) => directiveOf(item) === "delete");
  const remaining = before.filter((item) => !deleted.some((gone) => same(gone, item)));
  const merged = remaining.map((item) => {
    const change = items.find((candidate) => same(candidate, item));
    return change === undefined ? item : mergedItem(item, change, schema);
  });
  const added = items
    .filter((item) => !remaining.some((known) => same(known, item)))
    .map((item) => mergedItem({}, item, schema));
  return ordered({ list: [...merged, ...added], before: remaining, wanted: items, schema });
}

function mergedItem(before: JsonValue, patch: JsonValue, schema: MaybeSchema): JsonValue {
  const object = asObject(patch);
  return object === undefined ? patch : strategicMergePatch(asObject(before) ?? {}, object, schema?.items);
}

interface Ordering {
  readonly list: readonly JsonValue[];
  /** The list before the patch: items that the patch does not name keep their places among the others. */
  readonly before: readonly JsonValue[];
  /** Items, or only their keys, in the order that the patch asks for. */
  readonly wanted: readonly JsonValue[];
  readonly schema: MaybeSchema;
}

function ordered({ list, before, wanted, schema }: Ordering): readonly JsonValue[] {
  const same = sameBy(schema?.["x-kubernetes-patch-merge-key"]);
  const named = wanted.flatMap((item) => list.filter((candidate) => same(candidate, item)));
  const others = list.filter((item) => !wanted.some((candidate) => same(candidate, item)));
  return mergeSorted({ others, named, before, same });
}

function withoutItems(list: readonly JsonValue[], gone: readonly JsonValue[]): readonly JsonValue[] {
  return list.filter((item) => !gone.some((candidate) => jsonEqual(candidate, item)));
}

/** `$retainKeys` names the only members that may stay, such as one kind of a volume. */
function retained(document: JsonObject, patch: JsonObject): Record<string, JsonValue> {
  if (listAt(patch, "$retainKeys").length === 0) return { ...document };
  const keys = textsAt(patch, "$retainKeys");
  return Object.fromEntries(Object.entries(document).filter(([key]) => keys.includes(key)));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  const isDirective = (key: string) => directives.has(splitDirective(key)[0] ?? "");
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !isDirective(key)));
}

const directives: ReadonlySet<string> = new Set([
  "$patch",
  "$retainKeys",
  "$setElementOrder",
  "$deleteFromPrimitiveList",
]);

function splitDirective(key: string): readonly string[] {
  const slash = key.startsWith("$") ? key.indexOf("/") : -1;
  return slash < 0 ? [key] : [key.slice(0, slash), key.slice(slash + 1)];
}

function directiveOf(item: JsonValue): JsonValue | undefined {
  return asObject(item)?.["$patch"];
}

/** Items are the same when their keys are; items without a key when they are equal. */
function sameBy(key: string | undefined): Same {
  return (one, other) => {
    const left = key === undefined ? undefined : asObject(one)?.[key];
    return left === undefined || key === undefined
      ? jsonEqual(one, other)
      : jsonEqual(left, asObject(other)?.[key]);
  };
}

function strategiesOf(schema: MaybeSchema): readonly string[] {
  return schema?.["x-kubernetes-patch-strategy"]?.split(",") ?? [];
}
