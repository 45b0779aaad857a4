/** Whether a tenant's channel may lie in a namespace, as the Tenants say. Pure. */
import { matchesAnyGlob } from "@lmos/primitives";
import { type ChannelIdentity, type Tenant, tenantIdOf } from "@lmos/resources";

/** Where a channel is, and whose it says it is. */
export interface PlacedChannel extends Pick<ChannelIdentity, "tenant" | "channel"> {
  readonly namespace: string;
}

/** What is known of the tenant that a channel says it is of. */
export interface TenantKnowledge {
  /** False as long as nobody made a Tenant: then labels are believed. */
  readonly hasTenants: boolean;
  readonly tenant: Tenant | undefined;
}

/** What the Tenant does not vouch for: there is none, or the namespace or the channel is not its own. */
export type TrustFault = "tenant" | "namespace" | "channel";

/** Why the channel is not its tenant's; undefined where it is. */
export function trustFaultOf(
  { channel, namespace }: PlacedChannel,
  { hasTenants, tenant }: TenantKnowledge,
): TrustFault | undefined {
  if (!hasTenants) return undefined;
  if (tenant === undefined) return "tenant";
  if (!matchesAnyGlob(tenant.spec.namespaces, namespace)) return "namespace";
  return matchesAnyGlob(tenant.spec.channels, channel) ? undefined : "channel";
}

/** The Tenant of that id; of several the first by name. */
export function tenantOf(id: string, tenants: readonly Tenant[]): Tenant | undefined {
  return tenants
    .filter((tenant) => tenantIdOf(tenant) === id)
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))[0];
}
