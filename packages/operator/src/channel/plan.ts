/**
 * The writes that a decision asks for: the routing first and the status after it, so that a status never claims what
 * the routing does not hold yet. At most two writes a change.
 */
import type { EventRecord } from "@lmos/kube";
import {
  apiVersion,
  type Channel,
  type ChannelRevision,
  type ChannelRouting,
  type ChannelStatus,
  type Condition,
  conditionOf,
} from "@lmos/resources";
import type { ApplyCommand, Command } from "../commands.ts";
import { channelStatusManager, objectManager } from "../field-managers.ts";
import type { ChannelDecision } from "./decide.ts";
import type { ChannelInput } from "./gather.ts";
import { reportRestored, routingEvent } from "./restoration.ts";
import { restoredGroups } from "./restored-routing.ts";
import { buildGroups, buildRouting } from "./routing.ts";
import { takeoverEvents } from "./takeover.ts";

/** The plan. Steps whose effect is there already are left out when it is carried out. */
export function planChannel(
  decision: ChannelDecision,
  status: ChannelStatus,
  input: ChannelInput,
): readonly Command[] {
  return [
    ...planRouting(decision, input),
    applyStatus(input.channel, status),
    ...transitionEvents(input.channel, status),
    ...takeoverEvents(decision, input),
  ];
}

function planRouting(decision: ChannelDecision, input: ChannelInput): readonly Command[] {
  const { channel, agents, routing } = input;
  switch (decision.kind) {
    case "activate":
      return applyRouting(
        buildRouting(
          channel,
          { revision: decision.revision, live: routing },
          buildGroups(decision.wires, agents),
        ),
        input,
      );
    case "keep":
      return decision.restore === undefined ? [] : applyRouting(restored(decision.restore, input), input);
    case "pin":
      return decision.revision === undefined ? [] : applyRouting(restored(decision.revision, input), input);
    case "withhold":
      return decision.remaining.length === 0
        ? revokeRouting(input)
        : applyRouting(withheld(decision, input), input);
    case "refuse":
      return revokeRouting(input);
    case "remove":
      return removeRouting(input);
    case "yield":
    case "mislabelled":
      return [];
    default:
      return decision satisfies never;
  }
}

function restored(revision: ChannelRevision, input: ChannelInput): ChannelRouting {
  const past = { revision: revision.revision, live: input.routing };
  return buildRouting(input.channel, past, restoredGroups(revision, input));
}

function withheld(
  { revision, remaining }: Extract<ChannelDecision, { kind: "withhold" }>,
  input: ChannelInput,
): ChannelRouting {
  return restored({ revision, activatedAt: "", wires: [...remaining] }, input);
}

/** What nobody granted is taken out of force whoever wrote it: a routing that is not the Channel's own is emptied. */
function revokeRouting(input: ChannelInput): readonly Command[] {
  const { channel, routing } = input;
  if (routing === undefined) return [];
  if (isOwned(input))
    return [deleteRouting(routing, channel, "The routing is removed, as nothing of it is granted")];
  const revision = (routing.spec.revision ?? 0) + 1;
  return applyRouting(buildRouting(channel, { revision, live: routing }, []), input);
}

function isOwned({ channel, routing }: ChannelInput): boolean {
  return routing?.metadata.ownerReferences?.some(({ uid }) => uid === channel.metadata.uid) === true;
}

/** The write of the routing, and a second one where it is put back after somebody else touched it. */
function applyRouting(desired: ChannelRouting, input: ChannelInput): readonly Command[] {
  const command: ApplyCommand = {
    kind: "apply",
    target: "ChannelRouting",
    fieldManager: objectManager,
    live: input.routing,
    desired,
    event: routingEvent(desired, input),
  };
  return [command, ...reportRestored(desired, input)];
}

/** Only the Channel's own routing: one that somebody made by hand and that the Channel does not own is not deleted. */
function removeRouting(input: ChannelInput): readonly Command[] {
  const { channel, routing } = input;
  if (routing === undefined || !isOwned(input)) return [];
  const note = "The routing is removed, as the activation policy is Fail and something is not provided";
  return [deleteRouting(routing, channel, note)];
}

function deleteRouting(live: ChannelRouting, channel: Channel, note: string): Command {
  const event: EventRecord = {
    regarding: channel,
    type: "Warning",
    reason: "RoutingRemoved",
    action: "Deactivate",
    note,
  };
  return { kind: "delete", target: "ChannelRouting", live, event };
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
