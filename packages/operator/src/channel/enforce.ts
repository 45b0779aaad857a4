/**
 * Takes out of a decision what nobody granted: of the routing that would be kept, held or restored. What the resolver
 * wires needs no such care, as it is told what is granted.
 */
import { channelIdentityOf } from "@lmos/resources";
import { type ChannelGrants, permits } from "../grants/channel-grants.ts";
import { type RevisionWire, routedWires } from "../routing/wires.ts";
import type { ChannelDecision, Findings, HeldDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";
import { revisionNumber } from "./revisions.ts";

const nothingFound: Findings = { wires: [], unmet: [], skipped: [] };

/** The decision, or that some of its wires are withheld. */
export function enforceGrants(
  decision: ChannelDecision,
  input: ChannelInput,
  grants: ChannelGrants,
): ChannelDecision {
  const { refusal } = grants;
  if (refusal !== undefined && decision.kind !== "mislabelled") {
    return { kind: "refuse", ...findingsOf(decision), refusal };
  }
  return isHeld(decision) ? withhold(decision, input, grants) : decision;
}

/** Decisions that leave wires in force which this resolution did not make. */
function isHeld(decision: ChannelDecision): decision is HeldDecision {
  return ["keep", "pin", "yield", "mislabelled"].includes(decision.kind);
}

function withhold(held: HeldDecision, input: ChannelInput, grants: ChannelGrants): ChannelDecision {
  const wires = heldWires(held, input);
  const mayStay = isVouchedFor(input);
  const remaining = wires.filter((wire) => mayStay && permits(grants, wire));
  if (remaining.length === wires.length) return held;
  const withheld = wires.filter((wire) => !remaining.includes(wire));
  const findings = held.kind === "mislabelled" ? nothingFound : findingsOf(held);
  const revision = revisionNumber(remaining, input.channel, input.routing);
  return { kind: "withhold", ...findings, held, revision, remaining, withheld };
}

/** The wires that the routing would have. */
export function heldWires(held: HeldDecision, { routing }: ChannelInput): readonly RevisionWire[] {
  const revision = held.kind === "keep" ? held.restore : held.kind === "pin" ? held.revision : undefined;
  return revision?.wires ?? routedWires(routing);
}

/**
 * A Channel whose labels were changed must not keep a routing that serves the tenant or the channel of before: what it is
 * trusted with is asked for its labels of now.
 */
function isVouchedFor({ channel, routing }: ChannelInput): boolean {
  if (routing === undefined) return true;
  const now = channelIdentityOf(channel);
  const before = channelIdentityOf(routing);
  return before.tenant === now.tenant && before.channel === now.channel;
}

function findingsOf({ wires, unmet, skipped }: Findings): Findings {
  return { wires, unmet, skipped };
}
