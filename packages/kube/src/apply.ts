/**
 * Server-side apply that sends nothing when nothing would change. Whether it would is decided from three things: what
 * is desired, what is live, and which fields of the live object our manager owns. The last one is what notices a field
 * that is no longer desired, also after a restart of this process; see the README for what is compared how.
 */
import { isRecord, jsonEqual } from "@lmos/primitives";
import { appliedFieldsOf, type FieldSet } from "./applied-fields.ts";
import type { CallOptions, KubeClient } from "./client.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** As which manager to apply. `force` takes fields over that another manager owns. */
export interface ApplyIfChangedOptions extends CallOptions {
  readonly fieldManager: string;
  readonly subresource?: "status" | undefined;
  readonly force?: boolean | undefined;
}

/** Applies `desired`, unless `live` (from a store or a client) shows that this would change nothing. */
export async function applyIfChanged<T extends KubeObject>(
  client: Pick<KubeClient, "apply">,
  type: ResourceType<T>,
  live: T | undefined,
  desired: KubeObject,
  options: ApplyIfChangedOptions,
): Promise<"unchanged" | "applied"> {
  if (live !== undefined && !wouldChange(live, desired, options)) return "unchanged";
  await client.apply(type, desired, options);
  return "applied";
}

/** Whether applying `desired` would change `live` or what the manager owns of it. */
export function wouldChange(
  live: KubeObject,
  desired: KubeObject,
  { fieldManager, subresource }: Pick<ApplyIfChangedOptions, "fieldManager" | "subresource">,
): boolean {
  const known = appliedFieldsOf(live);
  const owned = known?.find(
    (entry) => entry.manager === fieldManager && entry.subresource === (subresource ?? ""),
  );
  // The server keeps managed fields, but we own none: the first apply makes them ours.
  if (known !== undefined && owned === undefined && claimsFields(desired)) return true;
  return !holds(desired, live, owned?.fields);
}

/** Nobody owns the fields that only say which object it is. */
function claimsFields(desired: KubeObject): boolean {
  const { apiVersion, kind, metadata } = desired;
  const { name, namespace } = metadata;
  return !jsonEqual(desired, { apiVersion, kind, metadata: { name, namespace } });
}

/** Whether `live` holds all of `desired`, and `desired` all that is owned. */
function holds(desired: unknown, live: unknown, owned: FieldSet | undefined): boolean {
  if (isAtomic(owned)) return jsonEqual(desired, live);
  if (isRecord(desired) && isRecord(live)) return holdsFields(desired, live, owned);
  if (Array.isArray(desired) && Array.isArray(live) && owned !== undefined) {
    return holdsItems(desired, live, owned);
  }
  return jsonEqual(desired, live);
}

function holdsFields(
  desired: Record<string, unknown>,
  live: Record<string, unknown>,
  owned: FieldSet | undefined,
): boolean {
  const wanted = Object.keys(desired).filter((name) => desired[name] !== undefined && desired[name] !== null);
  const unwanted = Object.keys(owned ?? {}).some(
    (path) => path.startsWith("f:") && !wanted.includes(path.slice(2)),
  );
  return !unwanted && wanted.every((name) => holds(desired[name], live[name], owned?.[`f:${name}`]));
}

/** Lists that the server merges: items are known by their keys (`k:{…}`), members of sets by value (`v:…`). */
function holdsItems(desired: readonly unknown[], live: readonly unknown[], owned: FieldSet): boolean {
  const paths = Object.keys(owned).filter((path) => path !== ".");
  if (paths.length !== desired.length) return false;
  return paths.every((path) => {
    const identity: unknown = JSON.parse(path.slice(2));
    const wanted = desired.find((item) => isIdentifiedBy(item, identity, "known"));
    const present = live.find((item) => isIdentifiedBy(item, identity, "all"));
    return wanted !== undefined && holds(wanted, present, owned[path]);
  });
}

/** `known`: keys that the item leaves to the server's defaults are taken to fit. */
function isIdentifiedBy(item: unknown, identity: unknown, keys: "all" | "known"): boolean {
  if (!isRecord(identity) || !isRecord(item)) return jsonEqual(item, identity);
  return Object.entries(identity).every(
    ([name, value]) => (keys === "known" && item[name] === undefined) || jsonEqual(item[name], value),
  );
}

/** A leaf of what is owned: a scalar, or a list or map that the server replaces as a whole. */
function isAtomic(owned: FieldSet | undefined): boolean {
  return owned !== undefined && Object.keys(owned).every((path) => path === ".");
}
