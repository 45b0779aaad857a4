/** Whether a Channel is its tenant's, and which of a tenant's Channels and Agents are within its quota. Pure. */
import { matchesAnyGlob } from "@lmos/primitives";
import { type Refusal, type TenantKnowledge, trustFaultOf } from "@lmos/resolver";
import { type Agent, type Channel, channelIdentityOf, type Tenant, tenantIdOf } from "@lmos/resources";
import { namespaceOf } from "../stores.ts";

/** What is known of the tenant that a Channel says it is of. */
export interface Tenancy extends TenantKnowledge {
  /** All Channels, of any namespace, that say they are of this tenant. */
  readonly channels: readonly Channel[];
}

/** Why the Channel gets no wire; undefined where it may have some. */
export function refusalOf(channel: Channel, { hasTenants, tenant, channels }: Tenancy): Refusal | undefined {
  const { tenant: id, channel: name } = channelIdentityOf(channel);
  const placed = { tenant: id, channel: name, namespace: namespaceOf(channel) };
  const fault = trustFaultOf(placed, { hasTenants, tenant });
  if (fault !== undefined) return { kind: "TenantNotTrusted", ...placed, fault };
  const quota = hasTenants ? tenant?.spec.quota?.channels : undefined;
  if (tenant === undefined || quota === undefined) return undefined;
  if (rankOf(channel, channelsOf(tenant, channels)) < quota) return undefined;
  return { kind: "ChannelQuotaExceeded", tenant: id, quota };
}

/** The Channels that are the tenant's: others that only say so must not use up its quota. */
export function channelsOf(tenant: Tenant, channels: readonly Channel[]): readonly Channel[] {
  return channels.filter(
    (channel) =>
      refusalOf(channel, { hasTenants: true, tenant: boundless(tenant), channels: [] }) === undefined,
  );
}

function boundless({ spec, ...tenant }: Tenant): Tenant {
  const { quota: _without, ...rest } = spec;
  return { ...tenant, spec: rest };
}

/** How many of them are older. */
function rankOf(one: Channel, all: readonly Channel[]): number {
  const age = ageOf(one);
  return all.filter((other) => ageOf(other) < age).length;
}

/** Agents that the tenant may have: those of its namespaces that say they serve it. */
export function agentsOf(tenant: Tenant, agents: readonly Agent[]): readonly Agent[] {
  const id = tenantIdOf(tenant);
  return agents.filter(
    (agent) =>
      matchesAnyGlob(tenant.spec.namespaces, namespaceOf(agent)) &&
      (agent.spec.supportedTenants.length === 0 || agent.spec.supportedTenants.includes(id)),
  );
}

/** Those of the tenant's agents that are beyond its quota: the youngest, in the order of their age. */
export function agentsBeyondQuota(tenant: Tenant, agents: readonly Agent[]): readonly Agent[] {
  const quota = tenant.spec.quota?.agents;
  if (quota === undefined) return [];
  return agentsOf(tenant, agents)
    .toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))
    .slice(Math.max(0, quota));
}

/** By creation, then by name: orders objects by age, the oldest first, in the same way everywhere. */
export function ageOf({ metadata }: Agent | Channel): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.namespace ?? ""}/${metadata.name}`;
}
