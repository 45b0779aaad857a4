/** Reads from the stores what a Channel's wiring depends on. */
import { keyOf, keyText, type ObjectKey } from "@lmos/kube";
import {
  type Agent,
  type Channel,
  type ChannelRouting,
  channelIdentityOf,
  type GrantsMode,
} from "@lmos/resources";
import { type ChannelGrants, gatherChannelGrants } from "../grants/channel-grants.ts";
import {
  identityAnywhere,
  identityValue,
  namespaceOf,
  restorableRevision,
  type Stores,
  within,
} from "../stores.ts";
import { foresee } from "./foresight.ts";

/** Everything that the wiring of one Channel depends on. */
export interface ChannelInput {
  readonly channel: Channel;
  /** The Agents of its namespace that the wiring can lead to, or leads to now, ordered by name. */
  readonly agents: readonly Agent[];
  /** The active routing. */
  readonly routing: ChannelRouting | undefined;
  /** Other Channels of its namespace with the same tenant, channel and subset. */
  readonly rivals: readonly Channel[];
  /** Channels of other namespaces with the same tenant, channel and subset. */
  readonly namesakes: readonly Channel[];
  /** What Tenants and CapabilityGrants say; undefined where they do not count. */
  readonly grants: ChannelGrants | undefined;
  /** Milliseconds since the Unix epoch: for how long something has been as it is may count. */
  readonly nowMs: number;
}

/** The input for a key, or undefined where there is no such Channel (any more). */
export function gatherChannel(
  key: ObjectKey,
  stores: Stores,
  { nowMs, mode }: { readonly nowMs: number; readonly mode: GrantsMode },
): ChannelInput | undefined {
  const channel = stores.channels.get(key);
  if (channel === undefined || channel.metadata.deletionTimestamp !== undefined) return undefined;
  const routing = stores.routings.get(key);
  const found = new Set([...requiredAgents(channel, stores), ...wiredAgents(channel, routing, stores)]);
  const agents = [...found].sort(byName).map((agent) => foresee(agent, stores, nowMs));
  return {
    channel,
    agents,
    routing,
    rivals: gatherRivals(channel, stores),
    namesakes: gatherNamesakes(channel, stores),
    grants: gatherChannelGrants(channel, agents, { stores, mode }),
    nowMs,
  };
}

/** The Agents that provide what the Channel requires, and what those require in turn. */
function requiredAgents(channel: Channel, stores: Stores): ReadonlySet<Agent> {
  const namespace = namespaceOf(channel);
  const names = new Set(channel.spec.requiredCapabilities.map(({ name }) => name));
  const found = new Set<Agent>();
  for (const name of names) {
    for (const agent of stores.agents.byIndex("capability", within(namespace, name))) {
      found.add(agent);
      for (const required of agent.spec.requiredCapabilities ?? []) names.add(required.name);
    }
  }
  return found;
}

/** The Agents of the routing and of the wiring that is put back when that is lost: they may no longer provide what was required. */
function wiredAgents(
  channel: Channel,
  routing: ChannelRouting | undefined,
  stores: Stores,
): readonly Agent[] {
  const names = [
    ...(routing?.spec.capabilityGroups ?? []).map(({ name }) => name),
    ...(restorableRevision(channel)?.wires ?? []).map(({ agent }) => agent),
  ];
  return names.flatMap((name) => stores.agents.get({ namespace: namespaceOf(channel), name }) ?? []);
}

function gatherRivals(channel: Channel, stores: Stores): readonly Channel[] {
  const value = identityValue(namespaceOf(channel), channelIdentityOf(channel));
  return stores.channels
    .byIndex("identity", value)
    .filter((other) => other.metadata.name !== channel.metadata.name)
    .sort(byName);
}

function gatherNamesakes(channel: Channel, stores: Stores): readonly Channel[] {
  const alike = stores.channels.byIndex("identityAnywhere", identityAnywhere(channelIdentityOf(channel)));
  if (alike.length < 2) return [];
  return alike.filter((other) => namespaceOf(other) !== namespaceOf(channel)).toSorted(byPlace);
}

function byPlace(left: Channel, right: Channel): number {
  return keyText(keyOf(left)) < keyText(keyOf(right)) ? -1 : 1;
}

function byName(left: Agent | Channel, right: Agent | Channel): number {
  return left.metadata.name < right.metadata.name ? -1 : 1;
}
