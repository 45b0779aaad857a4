/** Reverse indexes: from an object that changed to the Channels that this can concern. */
import { keyOf, type ObjectKey } from "@lmos/kube";
import { matchesAnyGlob, matchesGlob } from "@lmos/primitives";
import { tenantOf } from "@lmos/resolver";
import {
  type Agent,
  type CapabilityGrant,
  type Channel,
  type ChannelRouting,
  channelIdentityOf,
  type Tenant,
  tenantIdOf,
} from "@lmos/resources";
import { agentsOfGrant } from "../grants/agents-of-grant.ts";
import { agentsOf, ageOf, channelsOf } from "../grants/tenancy.ts";
import {
  identityAnywhere,
  identityValue,
  namespaceOf,
  restorableRevision,
  type Stores,
  within,
} from "../stores.ts";

/** Channels of the same identity, in its namespace or in others: which of them is the oldest may have changed. */
export function namesakesOf(channel: Channel, stores: Stores): readonly ObjectKey[] {
  const identity = channelIdentityOf(channel);
  const within = stores.channels.byIndex("identity", identityValue(namespaceOf(channel), identity));
  const anywhere = stores.channels.byIndex("identityAnywhere", identityAnywhere(identity));
  return [...within, ...anywhere].map(keyOf);
}

/**
 * Channels that require a capability which the agent provides (or provided: both states of a change are mapped), or
 * one of an agent that needs it, and so on.
 */
function requiringChannels(agent: Agent, stores: Stores): readonly Channel[] {
  const namespace = namespaceOf(agent);
  const names = new Set(agent.spec.providedCapabilities.map(({ name }) => name));
  const channels = new Set<Channel>();
  for (const name of names) {
    for (const channel of stores.channels.byIndex("requirement", within(namespace, name)))
      channels.add(channel);
    for (const { spec } of stores.agents.byIndex("requirement", within(namespace, name))) {
      for (const provided of spec.providedCapabilities) names.add(provided.name);
    }
  }
  return [...channels];
}

/**
 * Channels whose routing names that agent, be there such an Agent or not, and those whose routing is put back with it as
 * soon as that may be. A routing is named like its Channel.
 */
export function wiredChannels({ namespace = "", name }: ObjectKey, stores: Stores): readonly ObjectKey[] {
  const value = within(namespace, name);
  return [...stores.routings.byIndex("agent", value), ...stores.channels.byIndex("restorable", value)].map(
    keyOf,
  );
}

/** Channels that an Agent concerns: they require what it provides, or are wired to it. */
export function channelsOfAgent(agent: Agent, stores: Stores): readonly ObjectKey[] {
  return [...requiringChannels(agent, stores).map(keyOf), ...wiredChannels(keyOf(agent), stores)];
}

/** Channels of the tenant; all where this is the first Tenant or was the last, as from then on labels are (not) believed. */
export function channelsOfTenant(tenant: Tenant, stores: Stores): readonly ObjectKey[] {
  const decidesAll = stores.tenants.list().length <= 1;
  const concerned = decidesAll
    ? stores.channels.list()
    : stores.channels.byIndex("tenantAnywhere", tenantIdOf(tenant));
  return concerned.map(keyOf);
}

/**
 * Channels of the grant's tenants that require what its agents provide of its capabilities, or something that such an
 * agent is needed for; and those that are wired to one of its capabilities, or were and get that back, be the agent
 * still there or not.
 */
export function channelsOfGrant(
  { spec }: Pick<CapabilityGrant, "spec">,
  stores: Stores,
): readonly ObjectKey[] {
  const isServed = (object: Channel | ChannelRouting): boolean =>
    matchesAnyGlob(spec.tenants, channelIdentityOf(object).tenant);
  const isProviding = (object: Channel | ChannelRouting, names: readonly string[]): boolean =>
    spec.providers.some(({ namespace }) => matchesGlob(namespace, namespaceOf(object))) &&
    names.some((name) => matchesAnyGlob(spec.capabilities, name));
  const requiring = agentsOfGrant({ spec }, stores).flatMap((agent) => requiringChannels(agent, stores));
  const wired = stores.routings.list().filter((routing) => isProviding(routing, wiredNames(routing)));
  const restorable = stores.channels
    .list()
    .filter((channel) => isProviding(channel, restorableNames(channel)));
  return [...requiring, ...wired, ...restorable].filter(isServed).map(keyOf);
}

function wiredNames({ spec }: ChannelRouting): readonly string[] {
  return spec.capabilityGroups.flatMap(({ capabilities }) => capabilities.map(({ name }) => name));
}

function restorableNames(channel: Channel): readonly string[] {
  return (restorableRevision(channel)?.wires ?? []).map(({ name }) => name);
}

/** The Channel of its tenant that comes into the quota or falls out of it when this one comes or goes. */
export function channelsAtQuota(channel: Channel, stores: Stores): readonly ObjectKey[] {
  const { tenant: id } = channelIdentityOf(channel);
  const tenant = tenantOf(id, stores.tenants.byIndex("id", id));
  const quota = tenant?.spec.quota?.channels;
  if (tenant === undefined || quota === undefined) return [];
  return atEdge(channelsOf(tenant, stores.channels.byIndex("tenantAnywhere", id)), quota).map(keyOf);
}

/** Channels that those agents concern which come into a quota or fall out of it with this one. */
export function channelsOfAgentsAtQuota(agent: Agent, stores: Stores): readonly ObjectKey[] {
  const bounded = stores.tenants.list().filter(({ spec }) => spec.quota?.agents !== undefined);
  const concerned = bounded.filter((tenant) => agentsOf(tenant, [agent]).length > 0);
  return concerned.flatMap((tenant) => {
    const edge = atEdge(agentsOf(tenant, stores.agents.list()), tenant.spec.quota?.agents ?? 0);
    return edge.flatMap((each) => channelsOfAgent(each, stores));
  });
}

/** The last one within the quota and the first beyond it, by age. */
function atEdge<T extends Agent | Channel>(objects: readonly T[], quota: number): readonly T[] {
  const ordered = objects.toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1));
  return ordered.slice(Math.max(0, quota - 1), Math.max(0, quota) + 1);
}
