/** Reads from the stores what a Channel's wiring depends on. */
import type { ObjectKey } from "@lmos/kube";
import { type Agent, type Channel, type ChannelRouting, channelIdentityOf } from "@lmos/resources";
import { identityValue, namespaceOf, type Stores, within } from "../stores.ts";

/** Everything that the wiring of one Channel depends on. */
export interface ChannelInput {
  readonly channel: Channel;
  /** The Agents of its namespace that provide a capability of a required name, ordered by name. */
  readonly agents: readonly Agent[];
  /** The active routing. */
  readonly routing: ChannelRouting | undefined;
  /** Other Channels of its namespace with the same tenant, channel and subset. */
  readonly rivals: readonly Channel[];
}

/** The input for a key, or undefined where there is no such Channel (any more). */
export function gatherChannel(key: ObjectKey, stores: Stores): ChannelInput | undefined {
  const channel = stores.channels.get(key);
  if (channel === undefined || channel.metadata.deletionTimestamp !== undefined) return undefined;
  return {
    channel,
    agents: gatherAgents(channel, stores),
    routing: stores.routings.get(key),
    rivals: gatherRivals(channel, stores),
  };
}

function gatherAgents(channel: Channel, stores: Stores): readonly Agent[] {
  const namespace = namespaceOf(channel);
  const names = new Set(channel.spec.requiredCapabilities.map(({ name }) => name));
  const found = [...names].flatMap((name) => stores.agents.byIndex("capability", within(namespace, name)));
  return [...new Set(found)].sort(byName);
}

function gatherRivals(channel: Channel, stores: Stores): readonly Channel[] {
  const value = identityValue(namespaceOf(channel), channelIdentityOf(channel));
  return stores.channels
    .byIndex("identity", value)
    .filter((other) => other.metadata.name !== channel.metadata.name)
    .sort(byName);
}

function byName(left: Agent | Channel, right: Agent | Channel): number {
  return left.metadata.name < right.metadata.name ? -1 : 1;
}
