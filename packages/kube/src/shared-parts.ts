/**
 * Objects that hold what is equal in them once. A new version of an object differs from the one before in a member or two, and
 * the items of a list often say the same as their neighbours: what was parsed anew and is equal gives way to what is there
 * already, and is garbage while it is young, which costs next to nothing.
 */
import { isRecord } from "@lmos/primitives";

/**
 * Puts parts of `before` in place of equal parts of `object`, and within a list those of the item before. `object` must be the
 * caller's own: it stays what it is and equal to what it was. Frozen parts are left alone.
 */
export function shareEqualParts(object: object, before: object | undefined): void {
  shared(object, before);
}

/** `before` where it is equal, or else `value` with its equal parts shared. */
function shared(value: unknown, before: unknown): unknown {
  if (value === before) return before;
  if (Array.isArray(value)) return sharedItems(value, Array.isArray(before) ? before : undefined);
  if (isRecord(value)) return sharedMembers(value, isRecord(before) ? before : undefined);
  return value;
}

function sharedItems(items: unknown[], before: readonly unknown[] | undefined): unknown {
  let isSame = items.length === before?.length;
  for (let at = 0; at < items.length; at += 1) {
    const like = before !== undefined && at < before.length ? before[at] : items[at - 1];
    const item = shared(items[at], like);
    if (before === undefined || item !== before[at]) isSame = false;
    if (item !== items[at] && !Object.isFrozen(items)) items[at] = item;
  }
  return isSame ? before : items;
}

function sharedMembers(
  members: Record<string, unknown>,
  before: Readonly<Record<string, unknown>> | undefined,
): unknown {
  const names = Object.keys(members);
  let isSame = before !== undefined && names.length === Object.keys(before).length;
  for (const name of names) {
    const like = before !== undefined && Object.hasOwn(before, name) ? before[name] : undefined;
    const member = shared(members[name], like);
    if (before === undefined || !Object.hasOwn(before, name) || member !== like) isSame = false;
    if (name !== "__proto__" && !Object.isFrozen(members)) members[name] = member;
  }
  return isSame ? before : members;
}
