/**
 * Objects that hold what is equal in them once. A new version of an object differs from the one before in a member or two, and
 * other objects of the kind, and neighbours in a list, often say the same: what was parsed anew and is equal gives way to what
 * is there already, and is garbage while it is young, which costs next to nothing.
 */
import { isRecord } from "@lmos/primitives";

/**
 * Whose parts they are. Those of an earlier version of the same object take the place of equal ones whatever they are. Of
 * others only texts, and lists and maps of nothing but texts: no two items of a list ever become one, as there are those who
 * tell them apart by their identity.
 */
type Kinship = "earlier" | "other";

/** Puts parts of `before`, an earlier version of it, in place of equal parts of `object`, which must be the caller's own. */
export function shareWithEarlier(object: object, before: object): void {
  shared(object, before, "earlier");
}

/** Does the same with any other object, and with neighbours in its own lists. What is frozen keeps its parts. */
export function shareWithOther(object: object, other: object | undefined): void {
  shared(object, other, "other");
}

/** `like` where it is equal and may take the place, or else `value` with its equal parts shared. */
function shared(value: unknown, like: unknown, kinship: Kinship): unknown {
  if (value === like) return like;
  if (Array.isArray(value)) return sharedItems(value, Array.isArray(like) ? like : undefined, kinship);
  if (isRecord(value)) return sharedMembers(value, isRecord(like) ? like : undefined, kinship);
  return value;
}

function sharedItems(items: unknown[], like: readonly unknown[] | undefined, kinship: Kinship): unknown {
  const length = like?.length ?? 0;
  for (let at = 0; at < items.length; at += 1) {
    const whose = at < length ? kinship : "other"; // a neighbour's
    const known = at < length ? like?.[at] : items[at - 1];
    const item = shared(items[at], known, whose);
    if (isOther(item, items[at], known) && (whose === "earlier" || !isContainer(item))) put(items, at, item);
  }
  const isSame = items.length === like?.length && items.every((item, at) => item === like[at]);
  return isSame && mayStandIn(items, kinship) ? like : items;
}

function sharedMembers(
  members: Record<string, unknown>,
  like: Readonly<Record<string, unknown>> = {},
  kinship: Kinship,
): unknown {
  const names = Object.keys(members);
  for (const name of names) {
    const known = memberOf(like, name);
    const member = shared(members[name], known, kinship);
    if (isOther(member, members[name], known) && name !== "__proto__") put(members, name, member);
  }
  const isSame =
    names.length === Object.keys(like).length && names.every((name) => isMember(like, name, members[name]));
  return isSame && mayStandIn(Object.values(members), kinship) ? like : members;
}

function memberOf(like: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(like, name) ? like[name] : undefined;
}

function isMember(like: Readonly<Record<string, unknown>>, name: string, member: unknown): boolean {
  return Object.hasOwn(like, name) && like[name] === member;
}

/** Whether it stands in for what was there. Equal texts may be two all the same, which no comparison tells. */
function isOther(value: unknown, before: unknown, known: unknown): boolean {
  return value !== before || (typeof value === "string" && value === known);
}

function put(into: object, at: string | number, value: unknown): void {
  if (!Object.isFrozen(into)) Reflect.set(into, at, value);
}

/** Whether another list or map of these parts may be taken in place of one. */
function mayStandIn(parts: readonly unknown[], kinship: Kinship): boolean {
  return kinship === "earlier" || !parts.some(isContainer);
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
