/**
 * The wirings that a Channel had, kept in its status: the last five, to go back to. A wiring that comes again keeps its
 * number, so that flipping between two does not push out the others.
 */
import type { Channel, ChannelRevision, ChannelRouting } from "@lmos/resources";
import { type RevisionWire, routedWires } from "../routing/wires.ts";

const mostRevisions = 5;
/** Bytes of JSON that the revisions may take beside the active one: a status is read by everyone who watches Channels. */
const budgetBytes = 128 * 1024;

/** The number of a wiring: that of an equal one, if there is one, or else the next. */
export function revisionNumber(
  wires: readonly RevisionWire[],
  { status }: Channel,
  routing: ChannelRouting | undefined,
): number {
  const stored = status?.revisions ?? [];
  const live = routing?.spec.revision;
  // Written, but not in the status yet: the last reconcile broke off in between.
  if (live !== undefined && isSameWiring(routedWires(routing), wires)) return live;
  const equal = stored.find((revision) => isSameWiring(revision.wires, wires));
  return equal?.revision ?? 1 + Math.max(0, live ?? 0, ...stored.map(({ revision }) => revision));
}

/** The revisions to keep when that wiring is the active one, the newest first. `now` is RFC 3339. */
export function keepRevisions(
  { status }: Channel,
  active: { readonly revision: number; readonly wires: readonly RevisionWire[] },
  now: string,
): readonly ChannelRevision[] {
  const stored = status?.revisions ?? [];
  const before = stored.find(({ revision }) => revision === active.revision);
  const current = {
    revision: active.revision,
    activatedAt: before?.activatedAt ?? now,
    wires: [...active.wires],
  };
  const others = stored
    .filter(({ revision }) => revision !== active.revision)
    .toSorted((left, right) => right.revision - left.revision);
  const kept = others.slice(0, mostRevisions - 1);
  while (Buffer.byteLength(JSON.stringify(kept)) > budgetBytes) kept.pop();
  return [current, ...kept].toSorted((left, right) => right.revision - left.revision);
}

/** True where the same agents serve the same requirements with the same versions. */
function isSameWiring(left: readonly RevisionWire[], right: readonly RevisionWire[]): boolean {
  return wiringText(left) === wiringText(right);
}

/** The same wires in another order are the same wiring: a routing groups them by agent. */
function wiringText(wires: readonly RevisionWire[]): string {
  const texts = wires.map(({ agent, name, requiredVersion, providedVersion }) =>
    JSON.stringify([agent, name, requiredVersion, providedVersion]),
  );
  return texts.toSorted().join();
}

/** True where a routing no longer holds what its revision says, host names included. */
export function differsFrom(routing: ChannelRouting | undefined, { wires }: ChannelRevision): boolean {
  const texts = (some: readonly RevisionWire[]): string =>
    some
      .map(({ agent, id, name, requiredVersion, providedVersion, host }) =>
        JSON.stringify([agent, id, name, requiredVersion, providedVersion, host]),
      )
      .toSorted()
      .join();
  return routing === undefined || texts(routedWires(routing)) !== texts(wires);
}
