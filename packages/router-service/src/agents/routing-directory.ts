/** The agents that channels are wired to, from a mirror of the API server's ChannelRoutings. */
import { createReflector, type KubeClient } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { type ChannelRouting, channelIdentityOf, channelRoutingKind } from "@lmos/resources";
import type { AddressedAgent } from "@lmos/router";
import { type AgentDirectory, onceEach } from "./agent-directory.ts";

/** What the mirror is made of. */
export interface RoutingDirectoryOptions {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly namespace?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** A directory that follows the API server while `run` runs. */
export interface RoutingDirectory extends AgentDirectory {
  run(options: { readonly signal: AbortSignal }): Promise<void>;
  whenReady(options: { readonly signal: AbortSignal }): Promise<void>;
}

const byChannel = "channel";

/** A directory that is empty before its `run`. */
export function createRoutingDirectory(options: RoutingDirectoryOptions): RoutingDirectory {
  const { store, run } = createReflector({
    ...options,
    type: channelRoutingKind,
    indexes: { [byChannel]: (routing) => [keyOf(channelIdentityOf(routing))] },
  });
  return {
    agentsOf: (scope) => {
      const [routing] = store.byIndex(byChannel, keyOf(scope)).toSorted(byName);
      return routing === undefined ? undefined : addressedAgentsOf(routing);
    },
    agentsBy: (key, values) =>
      onceEach(store.list().toSorted(byName).flatMap(addressedAgentsOf), key, values),
    run,
    whenReady: (call) => store.whenSynced(call),
  };
}

function keyOf(identity: {
  readonly tenant: string;
  readonly channel: string;
  readonly subset: string;
}): string {
  return JSON.stringify([identity.tenant, identity.channel, identity.subset]);
}

/** Of several routings for one channel, the first by name, so that the choice does not flap. */
function byName(left: ChannelRouting, right: ChannelRouting): number {
  const nameOf = ({ metadata }: ChannelRouting): string => `${metadata.namespace}/${metadata.name}`;
  return nameOf(left) < nameOf(right) ? -1 : 1;
}

/** The groups of a routing. As in Eclipse LMOS, an agent without an id has its name for one. */
export function addressedAgentsOf({ spec }: ChannelRouting): readonly AddressedAgent[] {
  return spec.capabilityGroups.map(({ id, name, description, capabilities }) => ({
    id: id || name,
    name,
    address: capabilities[0]?.host ?? "",
    description,
    capabilities: capabilities.map((capability) => ({
      id: capability.id || capability.name,
      name: capability.name,
      description: capability.description,
      examples: capability.examples ?? [],
    })),
  }));
}
