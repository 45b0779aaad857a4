import { type JsonObject, jsonEqual } from "@lmos/primitives";
import type { AppliedConfiguration } from "./applied-configuration.ts";
import { compare } from "./compare.ts";
import { type Conflict, conflictsOf } from "./conflict.ts";
import {
  differenceOf,
  emptyFieldSet,
  type FieldSet,
  formatFieldPath,
  intersectionOf,
  pathsOf,
  unionOf,
} from "./field-set.ts";
import { fieldsOf, withNamedContainers } from "./fields-of.ts";
import { allowedByLastApplied, withLastApplied } from "./last-applied.ts";
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
import { mergeObjects } from "./merge-values.ts";
import { removeMembers } from "./remove-fields.ts";

export type ApplyOutcome =
  /** The object to be stored, before defaulting; equal to `live` when nothing changed. */
  | { readonly kind: "applied"; readonly object: JsonObject }
  | { readonly kind: "conflict"; readonly conflicts: readonly Conflict[] };

/**
 * Server-side apply: a manager hands in all the fields it wants to have a say in, the server works out what to
 * change. The rules are those of `sigs.k8s.io/structured-merge-diff` (merge, then take away what the manager no
 * longer lists and nobody else owns, then look for conflicts).
 */
export function applyConfiguration(application: AppliedConfiguration): ApplyOutcome {
  const { live, configuration, schema } = application;
  const stored = storedManagers(application);
  const bareLive = live === undefined ? undefined : withoutManagers(live);
  const identity = identityOf(application);
  const key = managerKey(identity);
  const fields = manageable(fieldsOf(schema, configuration));
  const merged = bareLive === undefined ? configuration : mergeObjects(schema, bareLive, configuration);
  const others = new Map([...stored].filter(([other]) => other !== key));
  const owned = unionOf(ownedBy(others), fields);
  const last = stored.get(key)?.fields ?? emptyFieldSet;
  const unlisted = differenceOf(last, fields);
  const result = unlisted.size === 0 ? merged : dropUnlisted({ schema, merged, last, owned });
  const { added, modified, removed } = compare(schema, bareLive ?? {}, result);
  const taken = unionOf(added, modified);
  const refused = refusedConflicts(application, conflictsOf(others, taken));
  if (refused.length > 0) return { kind: "conflict", conflicts: refused };
  // The time is that of the manager's last change of the object, so that an apply without effect is no write.
  const time = jsonEqual(bareLive, result) ? stored.get(key)?.time : application.time;
  const left = withoutFields(others, unionOf(taken, removed));
  const managers = new Map([...left, [key, { ...identity, time, fields }]]);
  return { kind: "applied", object: withManagers(withLastApplied(application, result), managers) };
}

function identityOf({ manager, configuration, subresource }: AppliedConfiguration): ManagerIdentity {
  return { manager, operation: "Apply", apiVersion: apiVersionIn(configuration), subresource };
}

/** The stored entries. What an object without any holds counts as set by an update before the first apply. */
function storedManagers({ live, schema, time, configuration }: AppliedConfiguration): Managers {
  if (live === undefined) return new Map();
  const managers = readManagers(live);
  if (managers !== undefined && managers.size > 0) return managers;
  const identity: ManagerIdentity = {
    manager: "before-first-apply",
    operation: "Update",
    apiVersion: apiVersionIn(configuration),
    subresource: "",
  };
  const { added } = compare(schema, identityOnly(live), withoutManagers(live));
  return new Map([[managerKey(identity), { ...identity, time, fields: manageable(added) }]]);
}

function ownedBy(managers: Managers): FieldSet {
  return [...managers.values()].reduce((owned, entry) => unionOf(owned, entry.fields), emptyFieldSet);
}

interface Pruning {
  readonly schema: MaybeSchema;
  readonly merged: JsonObject;
  /** What the manager listed when it last applied. */
  readonly last: FieldSet;
  /** What anybody owns now, the new configuration included. */
  readonly owned: FieldSet;
}

/** Takes away what the manager listed the last time and not now, unless somebody else owns it or something in it. */
function dropUnlisted({ schema, merged, last, owned }: Pruning): JsonObject {
  const complete = (set: FieldSet) => withNamedContainers(schema, set);
  const present = complete(fieldsOf(schema, merged));
  const gone = (pruned: JsonObject) => differenceOf(present, complete(fieldsOf(schema, pruned)));
  const withoutLast = removeMembers(schema, merged, complete(last));
  const withOwned = removeMembers(schema, merged, differenceOf(gone(withoutLast), complete(owned)));
  return removeMembers(schema, merged, intersectionOf(gone(withOwned), complete(last)));
}

function refusedConflicts(
  application: AppliedConfiguration,
  conflicts: readonly Conflict[],
): readonly Conflict[] {
  if (application.force || conflicts.length === 0) return [];
  const allowed = pathsOf(allowedByLastApplied(application)).map(formatFieldPath);
  return conflicts.filter((conflict) => !allowed.includes(conflict.field));
}
