/** The ChannelRouting of a Channel, around the groups that it is to hold. */
import {
  apiVersion,
  type CapabilityGroup,
  type Channel,
  type ChannelRouting,
  channelIdentityOf,
  channelLabel,
  type RoutingSettings,
  subsetLabel,
  tenantLabel,
  versionLabel,
} from "@lmos/resources";
import { agentsLine } from "./agents-line.ts";

/**
 * The routing: named and labelled like its Channel. It names the version of the live one that it replaces, so that a
 * decision about an older state is refused; and the term that one carries, so that a new leader alone changes nothing:
 * whoever writes it puts its own term there.
 */
export function buildRouting(
  channel: Channel,
  { revision, live }: { readonly revision: number; readonly live: ChannelRouting | undefined },
  capabilityGroups: CapabilityGroup[],
): ChannelRouting {
  const { resourceVersion } = live?.metadata ?? {};
  const { writerTerm } = live?.spec ?? {};
  const routing = settingsOf(channel);
  return {
    apiVersion,
    kind: "ChannelRouting",
    metadata: {
      name: channel.metadata.name,
      ...(channel.metadata.namespace === undefined ? {} : { namespace: channel.metadata.namespace }),
      labels: routingLabels(channel),
      ownerReferences: [ownerReference(channel)],
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
    spec: {
      capabilityGroups,
      ...agentsLine(capabilityGroups),
      revision,
      ...(writerTerm === undefined ? {} : { writerTerm }),
      ...(routing === undefined ? {} : { routing }),
    },
  };
}

/** Without empty objects: kube-apiserver makes null of one that had members when it was applied before, and refuses that. */
function settingsOf({ spec }: Channel): RoutingSettings | undefined {
  if (spec.routing === undefined) return undefined;
  const { thresholds, ...others } = spec.routing;
  const settings = isEmpty(thresholds) ? others : spec.routing;
  return isEmpty(settings) ? undefined : settings;
}

function isEmpty(members: object | undefined): boolean {
  return Object.values(members ?? {}).every((member) => member === undefined);
}

/** The Kotlin runtime can't read a routing without the label `version`, so that a missing one is empty. */
function routingLabels(channel: Channel): Record<string, string> {
  const { tenant, channel: name, subset } = channelIdentityOf(channel);
  return {
    [tenantLabel]: tenant,
    [channelLabel]: name,
    [subsetLabel]: subset,
    [versionLabel]: channel.metadata.labels?.[versionLabel] ?? "",
  };
}

function ownerReference({
  metadata,
}: Channel): NonNullable<ChannelRouting["metadata"]["ownerReferences"]>[number] {
  return {
    apiVersion,
    kind: "Channel",
    name: metadata.name,
    uid: metadata.uid ?? "",
    controller: true,
    blockOwnerDeletion: false,
  };
}
