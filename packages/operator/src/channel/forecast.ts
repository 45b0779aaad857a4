/**
 * What the operator would decide about Channels, without a cluster that it could act on: the decision of its own
 * controller about given objects. For whoever wants to know before applying something.
 */
import { keyOf } from "@lmos/kube";
import { formatTimestamp } from "@lmos/primitives";
import type { Channel, GrantsMode } from "@lmos/resources";
import { fillStores, type GivenObjects } from "../filled-stores.ts";
import type { RevisionWire } from "../routing/wires.ts";
import { activeWires } from "./active-wires.ts";
import { decideChannel } from "./decide.ts";
import type { ChannelDecision } from "./decision.ts";
import { gatherChannel } from "./gather.ts";

/** What would become of one Channel. */
export interface ChannelForecast {
  readonly channel: Channel;
  readonly decision: ChannelDecision["kind"];
  /** What its routing would hold; none where there would be no routing. */
  readonly wires: readonly RevisionWire[];
}

/** Of each Channel that is not being deleted, in their order. One without a time of creation counts as the youngest. */
export function forecastChannels(
  objects: GivenObjects,
  options: { readonly mode: GrantsMode; readonly nowMs: number },
): readonly ChannelForecast[] {
  const channels = objects.channels.map((channel) => withCreation(channel, options.nowMs));
  const stores = fillStores({ ...objects, channels });
  return channels.flatMap((channel) => {
    const input = gatherChannel(keyOf(channel), stores, options);
    if (input === undefined) return [];
    const decision = decideChannel(input);
    return [{ channel, decision: decision.kind, wires: activeWires(decision, input) }];
  });
}

function withCreation(channel: Channel, nowMs: number): Channel {
  const { creationTimestamp = formatTimestamp(nowMs) } = channel.metadata;
  return { ...channel, metadata: { ...channel.metadata, creationTimestamp } };
}
