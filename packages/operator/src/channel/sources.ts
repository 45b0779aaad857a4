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

/** Channels that require a capability which the agent provides (or provided: both states of a change are mapped). */
function requiringChannels(agent: Agent, stores: Stores): readonly ObjectKey[] {
  const names = new Set(agent.spec.providedCapabilities.map(({ name }) => name));
  return [...names].flatMap((name) =>
    stores.channels.byIndex("requirement", within(namespaceOf(agent), name)).map(keyOf),
  );
}

/** Channels whose active routing names the agent; a routing is named like its Channel. */
function wiredChannels(agent: Agent, stores: Stores): readonly ObjectKey[] {
  const value = within(namespaceOf(agent), agent.metadata.name);
  return stores.routings.byIndex("agent", value).map(keyOf);
}
