/** What is said of a channel that has no routing, in the Kotlin runtime's words: clients are known to match on them. */
import type { ChannelIdentity } from "@lmos/resources";
import { loggable } from "../loggable.ts";

/** Where an operator or a cluster has none. */
export function describeMissingRouting({
  tenant,
  channel,
}: Pick<ChannelIdentity, "tenant" | "channel">): string {
  return `No routing info found operator for tenant: ${loggable(tenant)}, channel: ${loggable(channel)}`;
}

/** Where a file has none. */
export function describeMissingInFile({ tenant, channel, subset }: ChannelIdentity): string {
  const names = `tenant: ${loggable(tenant)}, channel: ${loggable(channel)}, subset: ${loggable(subset)}`;
  return `No routing information found in file for ${names}`;
}
