import { type JsonValue, jsonEqual } from "@lmos/primitives";
import { type FieldPath, type FieldSet, fieldSetOf } from "./field-set.ts";
import {
  isEmptyValue,
  type ListItem,
  type MaybeSchema,
  type Mergeable,
  mergeableOf,
  schemaOfMember,
} from "./merge-kind.ts";

/** What changed from one value to another. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Compares two values field by field, with the granularity that the schema gives. */
export function compare(schema: MaybeSchema, before: JsonValue, after: JsonValue): Comparison {
  const paths: ChangedPaths = { added: [], modified: [], removed: [] };
  compareAt({ schema, path: [], before, after }, paths);
  return {
    added: fieldSetOf(paths.added),
    modified: fieldSetOf(paths.modified),
    removed: fieldSetOf(paths.removed),
  };
}

interface ChangedPaths {
  readonly added: FieldPath[];
  readonly modified: FieldPath[];
  readonly removed: FieldPath[];
}

interface Pair {
  readonly schema: MaybeSchema;
  readonly path: FieldPath;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

function compareAt(pair: Pair, paths: ChangedPaths): void {
  const { schema, path, before, after } = pair;
  if (before === after) return;
  const [left, right] = [mergeableOf(schema, before), mergeableOf(schema, after)];
  const kind = after === undefined ? left.kind : right.kind;
  const sameKind = before === undefined || after === undefined || left.kind === right.kind;
  if (kind === "whole" || !sameKind || (isEmptyValue(before) && isEmptyValue(after))) {
    compareWhole(pair, paths);
    return;
  }
  for (const child of kind === "object" ? memberPairs(pair, left, right) : itemPairs(pair, left, right)) {
    compareAt(child, paths);
  }
  if (before === undefined) paths.added.push(path);
  else if (after === undefined) paths.removed.push(path);
}

function compareWhole({ path, before, after }: Pair, paths: ChangedPaths): void {
  if (before === undefined) {
    if (after !== undefined) paths.added.push(path);
  } else if (after === undefined) paths.removed.push(path);
  else if (!jsonEqual(before, after)) paths.modified.push(path);
}

function memberPairs({ schema, path }: Pair, left: Mergeable, right: Mergeable): readonly Pair[] {
  const before = left.kind === "object" ? left.object : undefined;
  const after = right.kind === "object" ? right.object : undefined;
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...keys].map((key) => {
    const memberSchema = schemaOfMember(schema, key);
    const implied = memberSchema?.implied;
    return {
      schema: memberSchema,
      path: [...path, `f:${key}`],
      // What Go always writes counts where it is absent or null; any other null is a value.
      before: before?.[key] ?? (before === undefined ? undefined : (implied ?? before[key])),
      after: after?.[key] ?? (after === undefined ? undefined : (implied ?? after[key])),
    };
  });
}

function itemPairs({ schema, path }: Pair, left: Mergeable, right: Mergeable): readonly Pair[] {
  const before = itemsByElement(left);
  const after = itemsByElement(right);
  return [...new Set([...before.keys(), ...after.keys()])].map((element) => ({
    schema: schema?.items,
    path: [...path, element],
    before: singleValue(before.get(element)),
    after: singleValue(after.get(element)),
  }));
}

function itemsByElement(list: Mergeable): ReadonlyMap<string, readonly ListItem[]> {
  return Map.groupBy(list.kind === "list" ? list.items : [], (item) => item.element);
}

/** Items that share an element can't be told apart: they compare together. */
function singleValue(items: readonly ListItem[] | undefined): JsonValue | undefined {
  if (items === undefined || items.length <= 1) return items?.[0]?.value;
  return items.map((item) => item.value);
}
