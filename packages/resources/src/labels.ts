/** The labels and annotations that carry meaning, and how a missing one is read. */
import type { ObjectMeta } from "./metadata.ts";

/** Marks a workload (and the Agent made from it) as an LMOS agent when its value is `"true"`. */
export const agentLabel = "lmos-agent";
/** Tenant of a Channel or ChannelRouting. */
export const tenantLabel = "tenant";
/** Channel name within the tenant. */
export const channelLabel = "channel";
/** Slice of users, `stable` where the label is missing. */
export const subsetLabel = "subset";
/** Free version of the object, carried over to the routing. */
export const versionLabel = "version";
/** The subset of whatever carries no subset label. */
export const defaultSubset = "stable";

/** The identity of a channel: which tenant's, which channel, for which slice of users. */
export interface ChannelIdentity {
  readonly tenant: string;
  readonly channel: string;
  readonly subset: string;
}

/** The subset of an object; a missing or empty label means `stable` (W17). */
export function subsetOf(object: { readonly metadata: Pick<ObjectMeta, "labels"> }): string {
  return object.metadata.labels?.[subsetLabel] || defaultSubset;
}

/** The labels that a Channel lacks, without which nobody knows whose it is. */
export function missingLabelsOf(channel: {
  readonly metadata: Pick<ObjectMeta, "labels">;
}): readonly string[] {
  return [tenantLabel, channelLabel].filter((label) => !channel.metadata.labels?.[label]);
}

/** The identity that a Channel's or a ChannelRouting's labels give it; missing labels read as empty text. */
export function channelIdentityOf(object: {
  readonly metadata: Pick<ObjectMeta, "labels">;
}): ChannelIdentity {
  const labels = object.metadata.labels ?? {};
  return {
    tenant: labels[tenantLabel] ?? "",
    channel: labels[channelLabel] ?? "",
    subset: subsetOf(object),
  };
}
