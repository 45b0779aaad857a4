import type { Cause } from "@lmos/resolver";

/** What to do about a cause, in one sentence; `mending-command.ts` has the command. */
export function remedyFor(cause: Cause): string {
  switch (cause.kind) {
    case "NoProvider":
      return `deploy an agent that provides ${cause.capability}, or take it out of the channel's requiredCapabilities`;
    case "InvalidRange":
      return `write the version of ${cause.capability} as a range, such as ">=1.0.0" or "[1.0,2.0["`;
    case "SubsetMismatch":
      return `label ${cause.provider} subset=${cause.wanted}: its Deployment, or the Agent where it has none`;
    case "TenantMismatch":
      return `add "${cause.wanted}" to the supportedTenants of ${cause.provider}, or leave them empty for every tenant`;
    case "ChannelMismatch":
      return `add "${cause.wanted}" to the supportedChannels of ${cause.provider}`;
    case "InvalidVersion":
      return `give ${cause.capability} of ${cause.provider} a semantic version, such as 1.0.0 instead of "${cause.version}"`;
    case "VersionMismatch":
      return `deploy a version of ${cause.provider} in ${cause.range}, or widen the range so that it takes ${cause.version}`;
    case "InvalidFilter":
      return `correct the filter of ${cause.capability}: it is a CEL expression over the capability's attributes`;
    case "FilterMismatch":
      return `give ${cause.capability} of ${cause.provider} attributes that fit the filter, or widen the filter`;
    case "NotGranted":
      return `let a CapabilityGrant name the agent ${cause.provider}, the capability ${cause.capability} in ${cause.version} and the tenant ${cause.tenant}`;
    case "AgentQuotaExceeded":
      return `raise spec.quota.agents of the Tenant ${cause.tenant}, or remove an agent`;
    case "TenantNotTrusted":
      return distrustRemedy(cause);
    case "ChannelQuotaExceeded":
      return `raise spec.quota.channels of the Tenant ${cause.tenant}, or remove a channel`;
    case "ProviderUnresolved":
      return `${cause.provider} needs ${cause.requires}: ${remedyFor(cause.because)}`;
    case "Cycle":
      return `break the circle ${cause.path.join(" → ")}: let one of these agents do without the next`;
    case "ProviderNotReady":
      return `see why ${cause.provider} is not ready`;
    case "UsesConflict":
      return `let ${cause.otherProvider} provide ${cause.capability} too, or ${cause.provider} provide ${cause.other}`;
    case "SearchBudgetExceeded":
      return `require narrower versions of ${cause.capability}: too many combinations of agents fit`;
    default:
      return cause satisfies never;
  }
}

function distrustRemedy({
  tenant,
  namespace,
  channel,
  fault,
}: Cause & { readonly kind: "TenantNotTrusted" }): string {
  switch (fault) {
    case "tenant":
      return `apply a Tenant ${tenant} with the namespace ${namespace}, or correct the channel's label tenant`;
    case "namespace":
      return `add "${namespace}" to spec.namespaces of the Tenant ${tenant}`;
    case "channel":
      return `add "${channel}" to spec.channels of the Tenant ${tenant}`;
    default:
      return fault satisfies never;
  }
}
