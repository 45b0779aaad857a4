/** How long what was decided for a Channel may wait before it is written. */
import { type ChannelStatus, conditionOf } from "@lmos/resources";
import { type Patience, patienceForProgress, patienceForRouting } from "../settling.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";

/** Undefined where it is to be written at once: the Channel itself changed, or something is wrong from now on. */
export function patienceFor(
  decision: ChannelDecision,
  status: ChannelStatus,
  { channel, routing }: ChannelInput,
): Patience | undefined {
  const before = channel.status;
  if (before === undefined || before.observedGeneration !== status.observedGeneration) return undefined;
  if (isRelabelled(channel.metadata.labels, routing?.metadata.labels)) return undefined;
  if (decision.kind === "activate") return patienceForRouting;
  const wasUnresolved = conditionOf(before.conditions, "Resolved")?.status === "False";
  const isUnresolved = conditionOf(status.conditions, "Resolved")?.status === "False";
  const isKept = decision.kind === "keep" && decision.restore === undefined;
  return isKept && wasUnresolved && isUnresolved ? patienceForProgress : undefined;
}

type Labels = Readonly<Record<string, string>> | undefined;

/** True where the routing does not carry the Channel's labels yet. */
function isRelabelled(channel: Labels, routing: Labels): boolean {
  if (routing === undefined) return false;
  return ["tenant", "channel", "version"].some(
    (label) => (channel?.[label] ?? "") !== (routing[label] ?? ""),
  );
}
