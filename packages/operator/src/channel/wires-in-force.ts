/** Which wires are in force, for the resolver: among equals they stay. */
import { type RevisionWire, routedWires } from "../routing/wires.ts";
import type { ChannelInput } from "./gather.ts";

/**
 * Those of the active revision, whatever somebody made of the routing by hand; those of the routing where that is newer
 * than the status, or the status knows of none.
 */
export function wiresInForce({ channel, routing }: ChannelInput): readonly RevisionWire[] {
  const { activeRevision, revisions = [] } = channel.status ?? {};
  const active = revisions.find(({ revision }) => revision === activeRevision);
  const isNewer = active === undefined || (routing?.spec.revision ?? 0) > active.revision;
  return isNewer ? routedWires(routing) : active.wires;
}
