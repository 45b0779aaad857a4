/** Turns causes into sentences. Equal causes give equal sentences, so that they can stand in a status. */
import type { Cause } from "./cause.ts";
import type { UnmetRequirement } from "./model.ts";

/** One cause as a sentence without a full stop. */
export function explainCause(cause: Cause): string {
  switch (cause.kind) {
    case "NoProvider":
      return `no agent provides ${cause.capability}`;
    case "InvalidRange":
      return `"${cause.range}" is not a version range that any version can satisfy`;
    case "SubsetMismatch":
      return `${cause.provider} provides ${cause.capability} for the subset ${cause.offered}, not ${cause.wanted}`;
    case "TenantMismatch":
      return `${cause.provider} provides ${cause.capability} for ${list(cause.offered, "tenant")}, not ${cause.wanted}`;
    case "ChannelMismatch":
      return `${cause.provider} provides ${cause.capability} for ${list(cause.offered, "channel")}, not ${cause.wanted}`;
    case "InvalidVersion":
      return `${cause.provider} provides ${cause.capability} in version "${cause.version}", which is not a semantic version such as 1.0.0`;
    case "VersionMismatch":
      return `${cause.provider} provides ${cause.capability} ${cause.version}, which is not in ${cause.range}`;
    default:
      return cause satisfies never;
  }
}

const shownCandidates = 3;

/** Why a requirement is unmet: its cause, then the next candidates, three in all. */
export function explainUnmet(unmet: UnmetRequirement): string {
  const { cause, candidates } = unmet;
  if (candidates.length === 0) return explainCause(cause);
  const shown = candidates.slice(0, shownCandidates).map((candidate) => explainCause(candidate.cause));
  const hidden = candidates.length - shown.length;
  return [...shown, ...(hidden > 0 ? [`${hidden} more`] : [])].join("; ");
}

const shownNames = 5;

function list(names: readonly string[], noun: string): string {
  if (names.length === 0) return `no ${noun}`;
  const more = names.length > shownNames ? " and others" : "";
  return `the ${noun}${names.length > 1 ? "s" : ""} ${names.slice(0, shownNames).join(", ")}${more}`;
}
