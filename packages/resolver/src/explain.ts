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
    case "InvalidFilter":
      return `"${cause.filter}" is not a filter that can be evaluated within its limits`;
    case "FilterMismatch":
      return `${cause.provider} provides ${cause.capability} ${cause.version}, which ${filterFault(cause)}`;
    case "NotGranted":
      return `${cause.provider} is not granted to provide ${cause.capability} ${cause.version} to the tenant ${cause.tenant}`;
    case "AgentQuotaExceeded":
      return `${cause.provider} provides ${cause.capability} but is beyond the quota of agents of the tenant ${cause.tenant}`;
    case "TenantNotTrusted":
      return explainDistrust(cause);
    case "ChannelQuotaExceeded":
      return `it is beyond the quota of ${cause.quota} channels of the tenant ${cause.tenant}`;
    case "ProviderUnresolved":
      return `${cause.provider} provides ${cause.capability} but needs ${cause.requires}: ${explainReason(cause.because)}`;
    case "Cycle":
      return `${cause.provider} provides ${cause.capability} but needs itself: ${cause.path.slice(0, shownNames).join(" needs ")}${cause.path.length > shownNames ? " and so on" : ""}`;
    case "ProviderNotReady":
      return `${cause.provider} provides ${cause.capability} but is not ready`;
    case "UsesConflict":
      return `${cause.provider} provides ${cause.capability}, which must come from the same agent as ${cause.other}, and that comes from ${cause.otherProvider}`;
    case "SearchBudgetExceeded":
      return `no choice of agents for ${cause.capability} and what must come with it was found in ${cause.tried} tries`;
    default:
      return cause satisfies never;
  }
}

function explainDistrust(cause: Cause & { readonly kind: "TenantNotTrusted" }): string {
  switch (cause.fault) {
    case "tenant":
      return `there is no Tenant ${cause.tenant}`;
    case "namespace":
      return `the namespace ${cause.namespace} is not one of the Tenant ${cause.tenant}`;
    case "channel":
      return `the channel ${cause.channel} is not one of the Tenant ${cause.tenant}`;
    default:
      return cause.fault satisfies never;
  }
}

/** Chains of agents may be long: what the next one lacks is said, and of those behind it only the last fault. */
function explainReason(cause: Cause): string {
  let reason = cause;
  let skipped = 0;
  while (reason.kind === "ProviderUnresolved") {
    reason = reason.because;
    skipped += 1;
  }
  return `${skipped > 0 ? `${skipped} agents further on, ` : ""}${explainCause(reason)}`;
}

function filterFault({ filter, unmentioned }: Cause & { readonly kind: "FilterMismatch" }): string {
  return unmentioned === undefined
    ? `the filter ${filter} does not let through`
    : `asks that a filter names its attribute ${unmentioned}`;
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
