/** The condition Resolved: whether all that the Channel requires is provided. */
import { explainCause } from "@lmos/resolver";
import { type Verdict, verdict } from "../verdict.ts";
import type { ChannelDecision } from "./decision.ts";
import { namedUnmet, progress, requirementText, unmetMessage } from "./unmet-text.ts";

/** Whether all is provided, and what is not. */
export function resolvedVerdict(decision: ChannelDecision): Verdict {
  const missing = missingLabels(decision);
  if (missing !== undefined || decision.kind === "mislabelled") {
    return verdict("False", "MissingLabels", `the Channel has no label ${missing?.join(" and no label ")}`);
  }
  if (decision.kind === "refuse") {
    return verdict("False", decision.refusal.kind, explainCause(decision.refusal));
  }
  const [unmet] = decision.unmet;
  if (unmet !== undefined) return verdict("False", unmet.cause.kind, unmetMessage(decision.unmet));
  const skipped = decision.skipped.map(requirementText).slice(0, namedUnmet).join(", ");
  const without = skipped === "" ? "" : `; not provided and optional: ${skipped}`;
  return verdict("True", "AllProvided", `${progress(decision)} required capabilities are provided${without}`);
}

/** What is withheld from a Channel without labels is said as of one without labels. */
function missingLabels(decision: ChannelDecision): readonly string[] | undefined {
  const held = decision.kind === "withhold" ? decision.held : decision;
  return held.kind === "mislabelled" ? held.missing : undefined;
}
