/** How every channel of a world would be wired, and what that changes. Pure. */
import { keyOf, keyText } from "@lmos/kube";
import {
  type ChannelGrants,
  createGrantLookup,
  providerOf,
  requirementsOf,
  withGrants,
} from "@lmos/operator";
import {
  type CurrentWire,
  indexProviders,
  type ProviderIndex,
  type Resolution,
  resolveIn,
} from "@lmos/resolver";
import {
  type Agent,
  type Channel,
  type ChannelRevision,
  type ChannelRouting,
  channelIdentityOf,
  missingLabelsOf,
} from "@lmos/resources";
import { elderDuplicates } from "./duplicates.ts";
import type { World } from "./world.ts";

/** A channel, and how it would be wired. */
export interface WiredChannel {
  readonly channel: Channel;
  readonly resolution: Resolution;
  /** The labels that it lacks: without them nothing is wired. */
  readonly missingLabels: readonly string[];
  /** The older Channel of the same tenant, channel and subset, which is activated in its stead. */
  readonly elder: Channel | undefined;
  /** What Tenants and CapabilityGrants say; undefined where they do not count. */
  readonly grants: ChannelGrants | undefined;
  /** The wires in force, in words; undefined where there is no routing. */
  readonly before: readonly string[] | undefined;
  /** The wires that it would have, in words. */
  readonly after: readonly string[];
}

/** Resolves all channels, ordered by namespace and name. */
export function wireAll(world: World): readonly WiredChannel[] {
  const { agents, channels, routings } = world;
  const lookup = createGrantLookup(world, world.mode);
  const indexes = new Map<string, ProviderIndex>();
  const indexOf = ({ metadata }: Channel, grants: ChannelGrants | undefined): ProviderIndex => {
    const name = JSON.stringify([metadata.namespace, grants?.tenant]);
    const known = indexes.get(name) ?? indexProviders(providersIn(metadata.namespace ?? "", agents, grants));
    indexes.set(name, known);
    return known;
  };
  const routingOf = new Map(routings.map((routing) => [keyText(keyOf(routing)), routing]));
  const elders = elderDuplicates(channels);
  return channels
    .toSorted((left, right) => (keyText(keyOf(left)) < keyText(keyOf(right)) ? -1 : 1))
    .map((channel) => {
      const grants = lookup.ofChannel(channel);
      const index = indexOf(channel, grants);
      const routing = routingOf.get(keyText(keyOf(channel)));
      return { ...wireOne(channel, { index, grants, routing }), elder: elders.get(channel) };
    });
}

function providersIn(namespace: string, agents: readonly Agent[], grants: ChannelGrants | undefined) {
  const own = agents.filter(({ metadata }) => (metadata.namespace ?? "") === namespace);
  const providers = own.flatMap((agent) => providerOf(agent) ?? []);
  return grants?.mode === "enforce" ? providers.map((provider) => withGrants(provider, grants)) : providers;
}

function wireOne(
  channel: Channel,
  {
    index,
    grants,
    routing,
  }: {
    readonly index: ProviderIndex;
    readonly grants: ChannelGrants | undefined;
    readonly routing: ChannelRouting | undefined;
  },
): Omit<WiredChannel, "elder"> {
  const active = routing?.spec.capabilityGroups.flatMap((group) =>
    group.capabilities.map((capability) => ({ ...capability, agent: group.name })),
  );
  const missingLabels = missingLabelsOf(channel);
  const request = {
    channel: channelIdentityOf(channel),
    requirements: requirementsOf(channel),
    current: wiresInForce(routing),
    refusal: grants?.mode === "enforce" ? grants.refusal : undefined,
  };
  const resolution = missingLabels.length > 0 ? nothingWired : resolveIn(index, request);
  return {
    channel,
    missingLabels,
    resolution,
    grants,
    before: active?.map(wireText).sort(),
    after: resolution.wires
      .map(({ capability, provider }) => {
        return wireText({ name: capability.name, providedVersion: capability.version, agent: provider.name });
      })
      .sort(),
  };
}

/** One wire in words. */
export function wireText({
  name,
  providedVersion,
  agent,
}: Pick<RevisionWire, "name" | "providedVersion" | "agent">): string {
  return `${name} ${providedVersion} → ${agent}`;
}

type RevisionWire = ChannelRevision["wires"][number];

/** How many channels would not be activated, in words; undefined where all would be. */
export function describeFaults(wired: readonly WiredChannel[]): string | undefined {
  const unresolved = wired.filter(({ resolution }) => resolution.kind === "unresolved").length;
  const duplicates = wired.filter(isDuplicate).length;
  const faults = [
    ...(unresolved > 0 ? [`${unresolved} of ${wired.length} channels unresolved`] : []),
    ...(duplicates > 0 ? [`${duplicates} of ${wired.length} channels a duplicate`] : []),
  ];
  return faults.length === 0 ? undefined : faults.join(", ");
}

/** Whether it is resolved, and an older one of the same identity is activated in its stead. */
export function isDuplicate({ elder, resolution }: WiredChannel): boolean {
  return elder !== undefined && resolution.kind === "resolved";
}

const nothingWired: Resolution = { kind: "unresolved", unmet: [], wires: [], dependencies: [], skipped: [] };

/** The wires that a routing holds, for the resolver: among equals they stay. */
export function wiresInForce(routing: ChannelRouting | undefined): readonly CurrentWire[] {
  return (routing?.spec.capabilityGroups ?? []).flatMap((group) =>
    group.capabilities.map(({ name, requiredVersion }) => {
      return { name, range: requiredVersion, provider: group.name };
    }),
  );
}
