/** How every channel of a world would be wired, and what that changes. Pure. */
import { keyOf, keyText } from "@lmos/kube";
import { providerOf, requirementsOf } from "@lmos/operator";
import {
  type CurrentWire,
  indexProviders,
  type ProviderIndex,
  type Resolution,
  resolveIn,
} from "@lmos/resolver";
import { type Agent, type Channel, type ChannelRouting, channelIdentityOf } from "@lmos/resources";
import type { World } from "./world.ts";

/** A channel, and how it would be wired. */
export interface WiredChannel {
  readonly channel: Channel;
  readonly resolution: Resolution;
  /** The wires in force, in words; undefined where there is no routing. */
  readonly before: readonly string[] | undefined;
  /** The wires that it would have, in words. */
  readonly after: readonly string[];
}

/** Resolves all channels, ordered by namespace and name. */
export function wireAll({ agents, channels, routings }: World): readonly WiredChannel[] {
  const indexes = new Map<string, ProviderIndex>();
  const indexOf = (namespace: string): ProviderIndex => {
    const known = indexes.get(namespace) ?? indexProviders(providersIn(namespace, agents));
    indexes.set(namespace, known);
    return known;
  };
  const routingOf = new Map(routings.map((routing) => [keyText(keyOf(routing)), routing]));
  return channels
    .toSorted((left, right) => (keyText(keyOf(left)) < keyText(keyOf(right)) ? -1 : 1))
    .map((channel) => {
      const index = indexOf(channel.metadata.namespace ?? "");
      return wireOne(channel, index, routingOf.get(keyText(keyOf(channel))));
    });
}

function providersIn(namespace: string, agents: readonly Agent[]) {
  const own = agents.filter(({ metadata }) => (metadata.namespace ?? "") === namespace);
  return own.flatMap((agent) => providerOf(agent) ?? []);
}

function wireOne(channel: Channel, index: ProviderIndex, routing: ChannelRouting | undefined): WiredChannel {
  const active = routing?.spec.capabilityGroups.flatMap((group) =>
    group.capabilities.map((capability) => ({ ...capability, agent: group.name })),
  );
  const resolution = resolveIn(index, {
    channel: channelIdentityOf(channel),
    requirements: requirementsOf(channel),
    current: wiresInForce(routing),
  });
  return {
    channel,
    resolution,
    before: active?.map(({ name, providedVersion, agent }) => `${name} ${providedVersion} → ${agent}`).sort(),
    after: resolution.wires
      .map(({ capability, provider }) => `${capability.name} ${capability.version} → ${provider.name}`)
      .sort(),
  };
}

/** The wires that a routing holds, for the resolver: among equals they stay. */
export function wiresInForce(routing: ChannelRouting | undefined): readonly CurrentWire[] {
  return (routing?.spec.capabilityGroups ?? []).flatMap((group) =>
    group.capabilities.map(({ name, requiredVersion }) => {
      return { name, range: requiredVersion, provider: group.name };
    }),
  );
}
