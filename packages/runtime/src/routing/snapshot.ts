/** What the runtime knows of one channel at one time. It never changes: a turn that has begun keeps its snapshot. */
import { createHash } from "node:crypto";
import { canonicalJson } from "@lmos/primitives";
import {
  type CapabilityGroup,
  type ChannelIdentity,
  type ChannelRouting,
  channelIdentityOf,
  type RoutingSettings,
  versionLabel,
} from "@lmos/resources";
import type { Classifier } from "@lmos/router";

/** A capability that the channel is wired to. */
export interface RoutedCapability {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** An agent that the channel is wired to. */
export interface RoutedAgent {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Where it answers, as the routing says: a host name with or without a port. */
  readonly host: string;
  readonly capabilities: readonly RoutedCapability[];
}

/** A channel's agents and the classifier that knows them. */
export interface RoutingSnapshot {
  readonly identity: ChannelIdentity;
  /** Names this state of the routing: equal hashes mean equal agents. */
  readonly hash: string;
  readonly agents: readonly RoutedAgent[];
  /** How the channel wants its messages routed. */
  readonly settings: RoutingSettings;
  /** Undefined while its index cannot be built. */
  readonly classifier: Classifier | undefined;
}

/** The agents of a routing. One that has no address is left out. */
export function routedAgentsOf(routing: ChannelRouting): readonly RoutedAgent[] {
  const version = routing.metadata.labels?.[versionLabel] ?? "";
  return routing.spec.capabilityGroups
    .map((group) => toAgent(group, version))
    .filter((agent) => agent.host !== "");
}

/** Twelve hexadecimal digits over everything that a turn depends on. */
export function snapshotHash(routing: ChannelRouting): string {
  const content = canonicalJson([channelIdentityOf(routing), routing.metadata.labels, routing.spec]);
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

/** An identity as one text, in which no two identities are equal. */
export function identityText({ tenant, channel, subset }: ChannelIdentity): string {
  return JSON.stringify([tenant, channel, subset]);
}

function toAgent(group: CapabilityGroup, version: string): RoutedAgent {
  return {
    id: group.id,
    name: group.name,
    version,
    description: group.description,
    host: group.capabilities.find(({ host }) => host !== "")?.host ?? "",
    capabilities: group.capabilities.map((capability) => ({
      id: capability.id,
      name: capability.name,
      version: capability.providedVersion,
      description: capability.description,
      examples: capability.examples ?? [],
    })),
  };
}
