/** The condition Activated: whether the routing is what the Channel asks for, and what it is where it is not. */
import { type Channel, defaultSubset, subsetLabel } from "@lmos/resources";
import { type Verdict, verdict } from "../verdict.ts";
import type { ChannelDecision } from "./decision.ts";
import type { ChannelInput } from "./gather.ts";
import { wireTexts } from "./granted.ts";

/** What became of the routing. */
export function activatedVerdict(decision: ChannelDecision, { channel, routing }: ChannelInput): Verdict {
  switch (decision.kind) {
    case "activate":
      return decision.unmet.length === 0
        ? verdict("True", "RoutingCurrent", `the ChannelRouting holds this resolution${subsetNote(channel)}`)
        : verdict(
            "True",
            "PartialRouting",
            `the ChannelRouting holds what is provided${subsetNote(channel)}`,
          );
    case "pin":
      return pinVerdict(decision, channel);
    case "remove":
      return verdict("False", "RoutingRemoved", "there is no ChannelRouting while something is not provided");
    case "refuse":
      return verdict("False", decision.refusal.kind, "there is no ChannelRouting, as the Channel is refused");
    case "withhold":
      return verdict(
        "False",
        "GrantMissing",
        `the ChannelRouting lacks what is not granted: ${wireTexts(decision.withheld)}`,
      );
    case "yield":
      return verdict(
        "False",
        "DuplicateChannel",
        `the older Channel ${decision.to} has the same tenant, channel and subset`,
      );
    case "keep":
    case "mislabelled":
      return routing === undefined && !isRestored(decision)
        ? verdict("False", "NeverResolved", "there is no ChannelRouting yet")
        : verdict("False", "KeptLastGood", "the ChannelRouting of the last complete resolution stays active");
    default:
      return decision satisfies never;
  }
}

function isRestored(decision: ChannelDecision): boolean {
  return decision.kind === "keep" && decision.restore !== undefined;
}

function pinVerdict(
  { wanted, revision }: Extract<ChannelDecision, { kind: "pin" }>,
  { status }: Channel,
): Verdict {
  if (revision !== undefined) {
    const note = `the ChannelRouting is held at revision ${wanted} by spec.pinnedRevision`;
    return verdict("True", "Pinned", note);
  }
  const known = (status?.revisions ?? []).map((one) => one.revision).join(", ");
  return verdict("False", "RevisionNotFound", `there is no revision ${wanted}; known: ${known || "none"}`);
}

/** A missing subset is read as stable (W17), which is said where it matters. */
function subsetNote({ metadata }: Channel): string {
  if (metadata.labels?.[subsetLabel]) return "";
  return `, for the subset ${defaultSubset} as the Channel has no label ${subsetLabel}`;
}
