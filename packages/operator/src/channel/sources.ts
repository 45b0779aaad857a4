/** Which Channels a change can concern: reverse indexes, so that an edit of one Agent touches only those. */
import { fromStore, keyOf, type ObjectKey, type Source } from "@lmos/kube";
import { type Agent, type Channel, channelIdentityOf } from "@lmos/resources";
import { identityValue, namespaceOf, type Stores, within } from "../stores.ts";

/** The sources of keys of Channels. */
export function channelSources(stores: Stores): readonly Source[] {
  return [
    fromStore(stores.channels, (channel) => [keyOf(channel), ...rivalsOf(channel, stores)]),
    fromStore(stores.routings, (routing) => [keyOf(routing)]),
    fromStore(stores.agents, (agent) => [
      ...requiringChannels(agent, stores),
      ...wiredChannels(agent, stores),
    ]),
  ];
}

/** Channels of the same identity: which of them is the oldest may have changed. */
function rivalsOf(channel: Channel, stores: Stores): readonly ObjectKey[] {
  const value = identityValue(namespaceOf(channel), channelIdentityOf(channel));
  return stores.channels.byIndex("identity", value).map(keyOf);
}

/**
 * Channels that require a capability which the agent provides (or provided: both states of a change are mapped), or
 * one of an agent that needs it, and so on.
 */
function requiringChannels(agent: Agent, stores: Stores): readonly ObjectKey[] {
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
  return [...channels].map(keyOf);
}

/** Channels whose active routing names the agent; a routing is named like its Channel. */
function wiredChannels(agent: Agent, stores: Stores): readonly ObjectKey[] {
  const value = within(namespaceOf(agent), agent.metadata.name);
  return stores.routings.byIndex("agent", value).map(keyOf);
}
