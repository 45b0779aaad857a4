/** Which wires will be in force once a decision is carried out. */
import { type RevisionWire, revisionWires } from "../routing/wires.ts";
import type { ChannelDecision } from "./decision.ts";
import { heldWires } from "./enforce.ts";
import type { ChannelInput } from "./gather.ts";

/** The wires that the routing will hold; none where there will be no routing. */
export function activeWires(decision: ChannelDecision, input: ChannelInput): readonly RevisionWire[] {
  switch (decision.kind) {
    case "activate":
      return revisionWires(decision.wires);
    case "withhold":
      return decision.remaining;
    case "remove":
    case "refuse":
      return [];
    case "keep":
    case "pin":
    case "yield":
    case "mislabelled":
      return heldWires(decision, input);
    default:
      return decision satisfies never;
  }
}

/** The names of the agents that the routing will wire. */
export function activeAgents(decision: ChannelDecision, input: ChannelInput): readonly string[] {
  return [...new Set(activeWires(decision, input).map(({ agent }) => agent))].sort();
}
