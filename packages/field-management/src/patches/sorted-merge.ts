import type { JsonValue } from "@lmos/primitives";

/** True when two items of a list are the same one. */
export type Same = (one: JsonValue, other: JsonValue) => boolean;

interface SortedMerge {
  /** Items that a patch does not name, in their old order. */
  readonly others: readonly JsonValue[];
  /** Items that it names, in the order that it wants. */
  readonly named: readonly JsonValue[];
  /** The old order. */
  readonly before: readonly JsonValue[];
  readonly same: Same;
}

/** One list of both: an item that the patch does not name comes first only where it did so before. */
export function mergeSorted({ others, named, before, same }: SortedMerge): readonly JsonValue[] {
  const placeOf = (item: JsonValue) => before.findIndex((candidate) => same(candidate, item));
  const merged: JsonValue[] = [];
  let taken = 0;
  for (const item of named) {
    const place = placeOf(item);
    while (taken < others.length && place >= 0) {
      const other = others[taken];
      const otherPlace = other === undefined ? -1 : placeOf(other);
      if (other === undefined || otherPlace < 0 || otherPlace > place) break;
      merged.push(other);
      taken += 1;
    }
    merged.push(item);
  }
  return [...merged, ...others.slice(taken)];
}
