/** The write of a Channel's status and the events about it. The routing is brought about before, in `routing/`. */
import type { EventRecord } from "@lmos/kube";
import { apiVersion, type Channel, type ChannelStatus, type Condition, conditionOf } from "@lmos/resources";
import type { ApplyCommand, Command } from "../commands.ts";
import { channelStatusManager } from "../field-managers.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";
import { takeoverEvents } from "./takeover.ts";

/** What is to be written when its turn comes, and told. */
export interface ChannelPlan {
  readonly status: ApplyCommand;
  readonly events: readonly Command[];
}

/** The plan. Steps whose effect is there already are left out when it is carried out. */
export function planChannel(
  decision: ChannelDecision,
  status: ChannelStatus,
  input: ChannelInput,
): ChannelPlan {
  return {
    status: applyStatus(input.channel, status),
    events: [...transitionEvents(input.channel, status), ...takeoverEvents(decision, input)],
  };
}

function applyStatus(channel: Channel, status: ChannelStatus): ApplyCommand {
  const { name, namespace } = channel.metadata;
  const desired = {
    apiVersion,
    kind: "Channel",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    status,
  };
  return {
    kind: "apply",
    target: "Channel",
    subresource: "status",
    fieldManager: channelStatusManager,
    live: channel,
    desired,
  };
}

/** An event when the channel becomes resolved or unresolved, and none while it stays what it is. */
function transitionEvents(channel: Channel, status: ChannelStatus): readonly Command[] {
  return ["Resolved", "Granted", "Unique"].flatMap((type) => {
    const before = conditionOf(channel.status?.conditions, type);
    const after = conditionOf(status.conditions, type);
    if (after === undefined || before?.status === after.status) return [];
    if (type === "Resolved") return [{ kind: "record", event: resolvedEvent(channel, after) }];
    return after.status === "False" ? [{ kind: "record", event: faultEvent(channel, after) }] : [];
  });
}

function faultEvent(channel: Channel, { reason, message }: Condition): EventRecord {
  return { regarding: channel, type: "Warning", reason, action: "Resolve", note: message };
}

function resolvedEvent(channel: Channel, condition: Condition): EventRecord {
  const isResolved = condition.status === "True";
  return {
    regarding: channel,
    type: isResolved ? "Normal" : "Warning",
    reason: isResolved ? "Resolved" : "Unresolved",
    action: "Resolve",
    note: condition.message,
  };
}
