/** The filters that a candidate passes or fails, in the order subset, tenant, channel, version, filter, own needs. */
import type { SemVer } from "semver";
import type { Cause } from "./cause.ts";
import type { Filter } from "./filter.ts";
import type { Audience, Candidate, Provider, RejectedCandidate, Requirement } from "./model.ts";
import type { Offer } from "./provider-index.ts";
import type { VersionRange } from "./range.ts";

/** A candidate that passed every filter, with its version. */
export interface FittingCandidate extends Candidate {
  readonly version: SemVer;
}

/** What the candidates of one requirement are measured against. */
export interface Demand {
  readonly audience: Audience;
  readonly requirement: Requirement;
  readonly range: VersionRange;
  /** Undefined where the requirement has no filter. */
  readonly filter: Filter | undefined;
  /** Why an agent cannot be used by anyone; undefined where it can. */
  unusable(provider: Provider, capability: string): Cause | undefined;
}

/** A candidate that did not pass, with its version where that could be read. */
export interface RejectedOffer extends RejectedCandidate {
  readonly version: SemVer | undefined;
}

/** What became of the candidates of one requirement. */
export interface Sifted {
  readonly fitting: readonly FittingCandidate[];
  readonly rejected: readonly RejectedOffer[];
}

/** Separates the candidates that fit from those that do not. */
export function siftCandidates(offers: readonly Offer[], demand: Demand): Sifted {
  const fitting: FittingCandidate[] = [];
  const rejected: RejectedOffer[] = [];
  for (const offer of offers) {
    const { provider, capability, version } = offer;
    const cause =
      audienceMismatch(offer, demand.audience) ??
      versionMismatch(offer, demand) ??
      filterMismatch(offer, demand) ??
      demand.unusable(provider, capability.name);
    if (cause !== undefined) rejected.push({ ...offer, cause });
    else if (version !== undefined) fitting.push({ provider, capability, version });
  }
  return { fitting, rejected };
}

function audienceMismatch({ provider, capability }: Candidate, audience: Audience): Cause | undefined {
  const about = { capability: capability.name, provider: provider.name };
  if (provider.subset !== audience.subset) {
    return { kind: "SubsetMismatch", ...about, offered: provider.subset, wanted: audience.subset };
  }
  if (provider.tenants.length > 0 && !provider.tenants.includes(audience.tenant)) {
    return { kind: "TenantMismatch", ...about, offered: provider.tenants, wanted: audience.tenant };
  }
  if (!provider.channels.includes(audience.channel)) {
    return { kind: "ChannelMismatch", ...about, offered: provider.channels, wanted: audience.channel };
  }
  return undefined;
}

function versionMismatch(
  { provider, capability, version }: Offer,
  { range, requirement }: Demand,
): Cause | undefined {
  if (version !== undefined && range.includes(version)) return undefined;
  const about = { capability: capability.name, provider: provider.name, version: capability.version };
  if (version === undefined) return { kind: "InvalidVersion", ...about };
  return { kind: "VersionMismatch", ...about, range: requirement.range };
}

function filterMismatch({ provider, capability }: Offer, { filter, requirement }: Demand): Cause | undefined {
  const unmentioned = capability.mandatory?.find((name) => filter?.mentioned.has(name) !== true);
  const isAccepted = filter === undefined || filter.accepts(capability.attributes ?? {});
  if (unmentioned === undefined && isAccepted) return undefined;
  return {
    kind: "FilterMismatch",
    capability: capability.name,
    provider: provider.name,
    version: capability.version,
    filter: requirement.filter ?? "",
    ...(unmentioned === undefined ? {} : { unmentioned }),
  };
}
