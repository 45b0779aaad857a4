/** The writes that bring a ChannelRouting to what it is to be. Pure. */
import type { EventRecord } from "@lmos/kube";
import type { Channel, ChannelRouting } from "@lmos/resources";
import type { Command } from "../commands.ts";
import { objectManager } from "../field-managers.ts";
import type { DesiredRouting, RoutingSubject } from "./desired.ts";
import { reportRestored, routingEvent } from "./restoration.ts";
import { buildRouting } from "./routing-object.ts";

/** The plan. Steps whose effect is there already are left out when it is carried out. */
export function planRouting(desired: DesiredRouting, subject: RoutingSubject): readonly Command[] {
  switch (desired.kind) {
    case "unchanged":
      return [];
    case "holding":
      return hold(desired, subject);
    case "absent":
      return desired.because === "grants" ? revoke(subject) : remove(subject);
    default:
      return desired satisfies never;
  }
}

/** The write of the routing, and a second one where it is put back after somebody else touched it. */
function hold(
  { revision, groups }: Pick<Extract<DesiredRouting, { kind: "holding" }>, "revision" | "groups">,
  subject: RoutingSubject,
): readonly Command[] {
  const { channel, routing: live } = subject;
  const desired = buildRouting(channel, { revision, live }, groups);
  const event = routingEvent(desired, subject);
  return [
    { kind: "apply", target: "ChannelRouting", fieldManager: objectManager, live, desired, event },
    ...reportRestored(desired, subject),
  ];
}

/** What nobody granted is taken out of force whoever wrote it: a routing that is not the Channel's own is emptied. */
function revoke(subject: RoutingSubject): readonly Command[] {
  const { channel, routing } = subject;
  if (routing === undefined) return [];
  if (isOwn(routing, channel)) {
    return [deleteRouting(routing, channel, "The routing is removed, as nothing of it is granted")];
  }
  return hold({ revision: (routing.spec.revision ?? 0) + 1, groups: [] }, subject);
}

/** Only the Channel's own routing: one that somebody made by hand and that the Channel does not own is not deleted. */
function remove({ channel, routing }: RoutingSubject): readonly Command[] {
  if (routing === undefined || !isOwn(routing, channel)) return [];
  const note = "The routing is removed, as the activation policy is Fail and something is not provided";
  return [deleteRouting(routing, channel, note)];
}

function isOwn({ metadata }: ChannelRouting, channel: Channel): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === channel.metadata.uid) === true;
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
