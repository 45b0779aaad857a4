/**
 * Notices that a routing is put back to what it was, because somebody else edited it, and says so: by an event on the
 * Channel, and on the routing itself by the condition Current. A routing that nobody touched has no conditions, so that
 * a changed channel costs two writes and not three.
 */
import type { EventRecord } from "@lmos/kube";
import { formatTimestamp } from "@lmos/primitives";
import { apiVersion, type ChannelRouting, transition } from "@lmos/resources";
import type { ApplyCommand, Command } from "../commands.ts";
import { routingStatusManager } from "../field-managers.ts";
import type { RoutingSubject } from "./desired.ts";
import { routedWires } from "./wires.ts";

/** True where somebody else wrote something into the routing that is to be like this. A stale view shows older revisions. */
function isEdited(desired: ChannelRouting, live: ChannelRouting | undefined): boolean {
  return live !== undefined && live.spec.revision === desired.spec.revision && isRewired(live, desired);
}

/** The same revision never names other agents or versions, unless somebody else wrote it. */
function isRewired(live: ChannelRouting, desired: ChannelRouting): boolean {
  const text = (routing: ChannelRouting): string =>
    JSON.stringify(
      routedWires(routing).map(({ agent, name, providedVersion }) => [agent, name, providedVersion]),
    );
  return text(live) !== text(desired);
}

/** The event about a routing that is written: whether it changed or is put back, and to whom it leads. */
export function routingEvent(desired: ChannelRouting, subject: RoutingSubject): EventRecord {
  const names = desired.spec.capabilityGroups.map(({ name }) => name);
  const to = names.length === 0 ? "The routing is empty" : `Routed to ${names.join(", ")}`;
  const about = { regarding: subject.channel, action: "Activate" };
  if (!isEdited(desired, subject.routing))
    return { ...about, type: "Normal", reason: "RoutingUpdated", note: to };
  const note = `The routing was edited by hand and is put back. ${to}`;
  return { ...about, type: "Warning", reason: "RoutingRestored", note };
}

/** The condition Current of a routing that is put back. */
export function reportRestored(desired: ChannelRouting, subject: RoutingSubject): readonly Command[] {
  if (!isEdited(desired, subject.routing)) return [];
  const message = "it was edited by hand and put back: edit the Channel instead";
  const condition = { type: "Current", status: "True", reason: "Restored", message } as const;
  const now = formatTimestamp(subject.nowMs);
  const { name, namespace } = desired.metadata;
  const applied = {
    apiVersion,
    kind: "ChannelRouting",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    status: { conditions: [...transition(subject.routing?.status?.conditions, [condition], now)] },
  };
  const command: ApplyCommand = {
    kind: "apply",
    target: "ChannelRouting",
    subresource: "status",
    fieldManager: routingStatusManager,
    live: subject.routing,
    desired: applied,
  };
  return [command];
}
