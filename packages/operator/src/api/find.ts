/** Finds in the stores what a query asks for. Where several Channels share an identity, the oldest one answers for it. */
import type { Channel, ChannelRouting } from "@lmos/resources";
import { identityValue, type Stores, tenantValue } from "../stores.ts";
import type { Query } from "./parameters.ts";

/** The channels of a tenant for one subset, ordered by name. */
export function findChannels({ namespace, tenant, subset }: Query, { channels }: Stores): readonly Channel[] {
  return channels
    .byIndex("tenant", tenantValue(namespace, { tenant, subset }))
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
}

/** One channel. */
export function findChannel(query: Query, { channels }: Stores): Channel | undefined {
  return channels.byIndex("identity", identityOf(query)).toSorted(byAge)[0];
}

/** The active routing of one channel: that of the Channel that answers, else the oldest that is left. */
export function findRouting(query: Query, stores: Stores): ChannelRouting | undefined {
  const routings = stores.routings.byIndex("identity", identityOf(query)).toSorted(byAge);
  const channel = findChannel(query, stores);
  return routings.find(({ metadata }) => metadata.name === channel?.metadata.name) ?? routings[0];
}

function identityOf({ namespace, tenant, subset, channel = "" }: Query): string {
  return identityValue(namespace, { tenant, channel, subset });
}

function byAge(left: Channel | ChannelRouting, right: Channel | ChannelRouting): number {
  return ageOf(left) < ageOf(right) ? -1 : 1;
}

function ageOf({ metadata }: Channel | ChannelRouting): string {
  return `${metadata.creationTimestamp ?? ""} ${metadata.name}`;
}
