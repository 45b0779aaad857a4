/** What Tenants and CapabilityGrants say about one Channel: gathered from the stores, and asked without them. */
import {
  type GrantedAgent,
  grantedTenants,
  isGranted,
  type Provider,
  type Refusal,
  someNamespaces,
  tenantOf,
} from "@lmos/resolver";
import {
  type Agent,
  type CapabilityGrant,
  type Channel,
  channelIdentityOf,
  type GrantsMode,
} from "@lmos/resources";
import { namespaceOf, type Stores } from "../stores.ts";
import { ownerOf } from "../workload/lookup.ts";
import { serviceAccountOf } from "../workload/pods.ts";
import { agentsBeyondQuota, refusalOf } from "./tenancy.ts";

/** What grants say about one Channel. */
export interface ChannelGrants {
  readonly mode: Exclude<GrantsMode, "off">;
  readonly tenant: string;
  readonly namespace: string;
  /** Why the Channel may have no wire at all. */
  readonly refusal: Refusal | undefined;
  /** The grants that can concern an agent of the Channel's namespace. */
  readonly grants: readonly CapabilityGrant[];
  /** The service accounts of the agents, by their names. */
  readonly serviceAccounts: ReadonlyMap<string, string>;
  /** The names of the agents that are beyond the tenant's quota. */
  readonly beyondQuota: ReadonlySet<string>;
}

/** Undefined where grants do not count. */
export function gatherChannelGrants(
  channel: Channel,
  agents: readonly Agent[],
  { stores, mode }: { readonly stores: Stores; readonly mode: GrantsMode },
): ChannelGrants | undefined {
  if (mode === "off") return undefined;
  const { tenant: id } = channelIdentityOf(channel);
  const tenant = tenantOf(id, stores.tenants.byIndex("id", id));
  const hasTenants = stores.tenants.list().length > 0;
  const channels = stores.channels.byIndex("tenantAnywhere", id);
  const namespace = namespaceOf(channel);
  const hasQuota = tenant?.spec.quota?.agents !== undefined;
  const beyond = tenant && hasQuota ? agentsBeyondQuota(tenant, stores.agents.list()) : [];
  return {
    mode,
    tenant: id,
    namespace,
    refusal: refusalOf(channel, { hasTenants, tenant, channels }),
    grants: grantsConcerning(namespace, stores),
    serviceAccounts: new Map(agents.flatMap((agent) => accountEntry(agent, stores))),
    beyondQuota: new Set(
      beyond.filter((agent) => namespaceOf(agent) === namespace).map((one) => one.metadata.name),
    ),
  };
}

/** The grants that name agents of that namespace, by itself or by a pattern. */
export function grantsConcerning(
  namespace: string,
  { grants }: Pick<Stores, "grants">,
): readonly CapabilityGrant[] {
  return [
    ...new Set([...grants.byIndex("namespace", namespace), ...grants.byIndex("namespace", someNamespaces)]),
  ];
}

function accountEntry(agent: Agent, stores: Stores): readonly (readonly [string, string])[] {
  const workload = ownerOf(agent, stores);
  return workload === undefined ? [] : [[agent.metadata.name, serviceAccountOf(workload)]];
}

/** The agent with what it is granted, for the resolver. */
export function withGrants(provider: Provider, channel: ChannelGrants): Provider {
  const agent = agentNamed(provider.name, channel);
  return {
    ...provider,
    capabilities: provider.capabilities.map((capability) => {
      return { ...capability, grantedTo: grantedTenants(agent, capability, channel.grants) };
    }),
    ...(channel.beyondQuota.has(provider.name) ? { overQuotaOf: [channel.tenant] } : {}),
  };
}

/** A wire of a routing, of a revision or of a resolution. */
export interface GrantedWire {
  readonly agent: string;
  readonly name: string;
  readonly providedVersion: string;
}

/** True where the Channel may be wired like that, whether the agent is still there or not. */
export function permits(channel: ChannelGrants, { agent, name, providedVersion }: GrantedWire): boolean {
  const { tenant, grants, refusal, beyondQuota } = channel;
  if (refusal !== undefined || beyondQuota.has(agent)) return false;
  return isGranted(agentNamed(agent, channel), { name, version: providedVersion }, { tenant, grants });
}

function agentNamed(name: string, { namespace, serviceAccounts }: ChannelGrants): GrantedAgent {
  return { namespace, name, serviceAccount: serviceAccounts.get(name) };
}
