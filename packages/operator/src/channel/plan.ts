/**
 * The writes that a decision asks for: the routing first and the status after it, so that a status never claims what
 * the routing does not hold yet. At most two writes a change.
 */
import type { EventRecord } from "@lmos/kube";
import {
  apiVersion,
  type Channel,
  type ChannelRouting,
  type ChannelStatus,
  type Condition,
  conditionOf,
} from "@lmos/resources";
import type { ApplyCommand, Command } from "../commands.ts";
import { channelStatusManager, objectManager } from "../field-managers.ts";
import type { ChannelDecision } from "./decide.ts";
import type { ChannelInput } from "./gather.ts";
import { buildRouting } from "./routing.ts";

/** The plan. Steps whose effect is there already are left out when it is carried out. */
export function planChannel(
  decision: ChannelDecision,
  status: ChannelStatus,
  input: ChannelInput,
): readonly Command[] {
  const routing = decision.kind === "activate" ? [applyRouting(decision.wires, input)] : [];
  return [...routing, applyStatus(input.channel, status), ...transitionEvents(input.channel, status)];
}

function applyRouting(
  wires: Parameters<typeof buildRouting>[1],
  { channel, agents, routing }: ChannelInput,
): ApplyCommand {
  const desired = buildRouting(channel, wires, agents);
  return {
    kind: "apply",
    target: "ChannelRouting",
    fieldManager: objectManager,
    live: routing,
    desired,
    event: routingEvent(channel, desired),
  };
}

function routingEvent(channel: Channel, routing: ChannelRouting): EventRecord {
  const names = routing.spec.capabilityGroups.map(({ name }) => name);
  return {
    regarding: channel,
    type: "Normal",
    reason: "RoutingUpdated",
    action: "Activate",
    note: names.length === 0 ? "The routing is empty: nothing is required" : `Routed to ${names.join(", ")}`,
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
