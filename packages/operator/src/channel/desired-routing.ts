/** What a decision about a Channel makes of its routing. Pure. */
import type { CapabilityGroup } from "@lmos/resources";
import type { DesiredRouting } from "../routing/desired.ts";
import { wiredGroups } from "../routing/groups.ts";
import { restoredGroups } from "../routing/restored-groups.ts";
import type { RevisionWire } from "../routing/wires.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";

/** The routing that the decision asks for. */
export function desiredRouting(decision: ChannelDecision, input: ChannelInput): DesiredRouting {
  switch (decision.kind) {
    case "activate":
      return {
        kind: "holding",
        revision: decision.revision,
        groups: withAccounts(wiredGroups(decision.wires, input.agents), input),
      };
    case "keep":
      return decision.restore === undefined ? unchanged : restored(decision.restore, input);
    case "pin":
      return decision.revision === undefined ? unchanged : restored(decision.revision, input);
    case "withhold":
      return decision.remaining.length === 0
        ? { kind: "absent", because: "grants" }
        : restored({ revision: decision.revision, wires: decision.remaining }, input);
    case "refuse":
      return { kind: "absent", because: "grants" };
    case "remove":
      return { kind: "absent", because: "policy" };
    case "yield":
    case "mislabelled":
      return unchanged;
    default:
      return decision satisfies never;
  }
}

const unchanged: DesiredRouting = { kind: "unchanged" };

function restored(
  { revision, wires }: { readonly revision: number; readonly wires: readonly RevisionWire[] },
  input: ChannelInput,
): DesiredRouting {
  return { kind: "holding", revision, groups: withAccounts(restoredGroups(wires, input), input) };
}

/** Where grants count, whoever reads the routing can ask them, too: they may be given to a service account. */
function withAccounts(groups: CapabilityGroup[], { grants }: ChannelInput): CapabilityGroup[] {
  return groups.map((group) => {
    const serviceAccount = grants?.serviceAccounts.get(group.name);
    return serviceAccount === undefined ? group : { ...group, serviceAccount };
  });
}
