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
import { restoredGroups } from "./restored-routing.ts";
import { routedWires } from "./revisions.ts";
import { buildGroups, buildRouting } from "./routing.ts";

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
  ];
}

function planRouting(decision: ChannelDecision, input: ChannelInput): readonly Command[] {
  const { channel, agents, routing } = input;
  switch (decision.kind) {
    case "activate":
      return [
        applyRouting(
          buildRouting(
            channel,
            { revision: decision.revision, live: routing },
            buildGroups(decision.wires, agents),
          ),
          input,
        ),
      ];
    case "keep":
      return decision.restore === undefined ? [] : [applyRouting(restored(decision.restore, input), input)];
    case "pin":
      return decision.revision === undefined ? [] : [applyRouting(restored(decision.revision, input), input)];
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

function applyRouting(desired: ChannelRouting, { channel, routing }: ChannelInput): ApplyCommand {
  return {
    kind: "apply",
    target: "ChannelRouting",
    fieldManager: objectManager,
    live: routing,
    desired,
    event: routingEvent(channel, desired, routing),
  };
}

/** Only the Channel's own routing: one that somebody made by hand and that the Channel does not own is not deleted. */
function removeRouting({ channel, routing }: ChannelInput): readonly Command[] {
  const isOwned = routing?.metadata.ownerReferences?.some(({ uid }) => uid === channel.metadata.uid);
  if (routing === undefined || isOwned !== true) return [];
  const event: EventRecord = {
    regarding: channel,
    type: "Warning",
    reason: "RoutingRemoved",
    action: "Deactivate",
    note: "The routing is removed, as the activation policy is Fail and something is not provided",
  };
  return [{ kind: "delete", target: "ChannelRouting", live: routing, event }];
}

function routingEvent(
  channel: Channel,
  routing: ChannelRouting,
  live: ChannelRouting | undefined,
): EventRecord {
  const names = routing.spec.capabilityGroups.map(({ name }) => name);
  const to = names.length === 0 ? "The routing is empty" : `Routed to ${names.join(", ")}`;
  const isEdited =
    live !== undefined && live.spec.revision === routing.spec.revision && isRewired(live, routing);
  return isEdited
    ? {
        regarding: channel,
        type: "Warning",
        reason: "RoutingRestored",
        action: "Activate",
        note: `The routing was edited by hand and is put back. ${to}`,
      }
    : { regarding: channel, type: "Normal", reason: "RoutingUpdated", action: "Activate", note: to };
}

/** The same revision never names other agents or versions, unless somebody else wrote it. */
function isRewired(live: ChannelRouting, desired: ChannelRouting): boolean {
  const text = (routing: ChannelRouting): string =>
    JSON.stringify(
      routedWires(routing).map(({ agent, name, providedVersion }) => [agent, name, providedVersion]),
    );
  return text(live) !== text(desired);
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
  const before = conditionOf(channel.status?.conditions, "Resolved");
  const after = conditionOf(status.conditions, "Resolved");
  if (after === undefined || before?.status === after.status) return [];
  return [{ kind: "record", event: resolvedEvent(channel, after) }];
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
