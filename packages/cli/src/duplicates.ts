/** Channels of one identity: of a namespace's only the oldest is activated. Pure. */
import { type Channel, channelIdentityOf, missingLabelsOf } from "@lmos/resources";

/** For each Channel that another one stands in the way of, that other one. Those without their labels are nobody's. */
export function elderDuplicates(channels: readonly Channel[]): ReadonlyMap<Channel, Channel> {
  const eldest = new Map<string, Channel>();
  const younger = new Map<Channel, Channel>();
  for (const channel of channels.filter(isLabelled).toSorted(byAge)) {
    const identity = JSON.stringify([channel.metadata.namespace, channelIdentityOf(channel)]);
    const elder = eldest.get(identity);
    if (elder === undefined) eldest.set(identity, channel);
    else younger.set(channel, elder);
  }
  return younger;
}

function isLabelled(channel: Channel): boolean {
  return missingLabelsOf(channel).length === 0;
}

/** The oldest first; what a file alone knows comes last. */
export function byAge(left: Channel, right: Channel): number {
  return ageOrder(left) < ageOrder(right) ? -1 : 1;
}

/** By creation, then by name, as the operator does; what a file alone knows is yet to be created. */
function ageOrder({ metadata }: Channel): string {
  return `${metadata.creationTimestamp ?? "later"} ${metadata.name}`;
}
