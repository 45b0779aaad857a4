import { metadataOf } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt } from "@lmos/primitives";
import { capUpdaters } from "./cap-updaters.ts";
import { compare } from "./compare.ts";
import { type FieldSet, unionOf } from "./field-set.ts";
import {
  apiVersionIn,
  identityOnly,
  type ManagerIdentity,
  type Managers,
  manageable,
  managerKey,
  readManagers,
  withManagers,
  withoutFields,
  withoutManagers,
} from "./managed-fields.ts";
import type { MaybeSchema } from "./merge-kind.ts";

/** A write other than an apply: create, update, or a patch of any other kind. */
export interface RecordedUpdate {
  /** The stored object; undefined for a create. */
  readonly before: JsonObject | undefined;
  /** The object to be stored, defaulted; its own `managedFields` are what the client sent. */
  readonly after: JsonObject;
  readonly manager: string;
  /** `""`, `status` or `scale`. */
  readonly subresource: string;
  readonly schema: MaybeSchema;
  /** RFC 3339; undefined where the write is not to tell its time. */
  readonly time: string | undefined;
}

/**
 * The object to be stored with true `managedFields`: what the write changed belongs to its manager now and to nobody
 * else, what it took away to nobody. Entries that the client sent (kubectl moves ownership that way when it changes
 * from client-side to server-side apply) replace the stored ones; an empty list switches tracking off.
 */
export function recordUpdate(update: RecordedUpdate): JsonObject {
  const { before, after, schema } = update;
  const managers = startingManagers(update);
  const bare = withoutManagers(after);
  if (before !== undefined && managers.size === 0) return bare;
  const identity: ManagerIdentity = {
    manager: update.manager,
    operation: "Update",
    apiVersion: apiVersionIn(after),
    subresource: update.subresource,
  };
  const previous = before === undefined ? identityOnly(after) : withoutManagers(before);
  const { added, modified, removed } = compare(schema, previous, bare);
  const taken = unionOf(added, modified);
  const others = withoutFields(managers, unionOf(taken, removed));
  const owned = withOwned(others, identity, { fields: manageable(taken), time: update.time });
  return withManagers(bare, capUpdaters(owned));
}

function startingManagers({ before, after, subresource }: RecordedUpdate): Managers {
  const stored = (before === undefined ? undefined : readManagers(before)) ?? new Map();
  if (subresource !== "" || isReset(after)) return subresource === "" ? new Map() : stored;
  const sent = readManagers(after);
  return sent === undefined || sent.size === 0 ? stored : sent;
}

/** `managedFields: []` or `[{}]` asks for no tracking. */
function isReset(object: JsonObject): boolean {
  if (!("managedFields" in metadataOf(object))) return false;
  const entries = listAt(metadataOf(object), "managedFields");
  return entries.every((entry) => entry !== null && Object.keys(entry).length === 0) && entries.length <= 1;
}

function withOwned(
  managers: Managers,
  identity: ManagerIdentity,
  { fields, time }: { readonly fields: FieldSet; readonly time: string | undefined },
): Managers {
  if (fields.size === 0) return managers;
  const key = managerKey(identity);
  const earlier = managers.get(key)?.fields;
  const entry = { ...identity, time, fields: earlier === undefined ? fields : unionOf(earlier, fields) };
  return new Map([...managers, [key, entry]]);
}
