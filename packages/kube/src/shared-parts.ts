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

/** Does the same with any other object, and with neighbours in its own lists. Frozen parts are left alone. */
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
  let isSame = items.length === like?.length;
  for (let at = 0; at < items.length; at += 1) {
    const hasLike = like !== undefined && at < like.length;
    const item = shared(items[at], hasLike ? like[at] : items[at - 1], hasLike ? kinship : "other");
    if (!hasLike || item !== like[at]) isSame = false;
    const mayReplace = (hasLike && kinship === "earlier") || !isContainer(item);
    if (mayReplace && !Object.isFrozen(items)) items[at] = item;
  }
  return isSame && (kinship === "earlier" || !items.some(isContainer)) ? like : items;
}

function sharedMembers(
  members: Record<string, unknown>,
  like: Readonly<Record<string, unknown>> | undefined,
  kinship: Kinship,
): unknown {
  const names = Object.keys(members);
  let isSame = like !== undefined && names.length === Object.keys(like).length;
  for (const name of names) {
    const hasLike = like !== undefined && Object.hasOwn(like, name);
    const member = shared(members[name], hasLike ? like[name] : undefined, kinship);
    if (!hasLike || member !== like[name]) isSame = false;
    if (name !== "__proto__" && !Object.isFrozen(members)) members[name] = member;
  }
  return isSame && (kinship === "earlier" || !Object.values(members).some(isContainer)) ? like : members;
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
