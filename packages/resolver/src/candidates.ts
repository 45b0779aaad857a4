/** The filters that a candidate passes or fails, in the order subset, tenant, channel, version, filter, grant, own needs. */
import { matchesAnyGlob } from "@lmos/primitives";
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

/** The candidates that fit, in no order. */
export function fittingOffers(offers: readonly Offer[], demand: Demand): readonly FittingCandidate[] {
  const fitting: FittingCandidate[] = [];
  for (const offer of offers) {
    if (hasVersion(offer) && causeOf(offer, demand) === undefined) fitting.push(offer);
  }
  return fitting;
}

/** The candidates that do not fit, in no order, each with the first reason. */
export function rejectedOffers(offers: readonly Offer[], demand: Demand): readonly RejectedOffer[] {
  return offers.flatMap((offer) => {
    const cause = causeOf(offer, demand);
    return cause === undefined ? [] : [{ ...offer, cause }];
  });
}

function hasVersion(offer: Offer): offer is FittingCandidate {
  return offer.version !== undefined;
}

function causeOf(offer: Offer, demand: Demand): Cause | undefined {
  return (
    audienceMismatch(offer, demand.audience) ??
    versionMismatch(offer, demand) ??
    filterMismatch(offer, demand) ??
    withoutGrant(offer, demand.audience) ??
    demand.unusable(offer.provider, offer.capability.name)
  );
}

function audienceMismatch({ provider, capability }: Candidate, audience: Audience): Cause | undefined {
  const { subset, tenants, channels } = provider;
  const { tenant, channel } = audience;
  const isForSubset = subset === audience.subset;
  const isForTenant = tenants.length === 0 || tenants.includes(tenant);
  if (isForSubset && isForTenant && channels.includes(channel)) return undefined;
  const about = { capability: capability.name, provider: provider.name };
  if (!isForSubset) return { kind: "SubsetMismatch", ...about, offered: subset, wanted: audience.subset };
  if (!isForTenant) return { kind: "TenantMismatch", ...about, offered: tenants, wanted: tenant };
  return { kind: "ChannelMismatch", ...about, offered: channels, wanted: channel };
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

/** Whatever an agent says of itself, only what others allow it counts. */
function withoutGrant({ provider, capability }: Offer, { tenant }: Audience): Cause | undefined {
  const { grantedTo } = capability;
  const isGranted = grantedTo === undefined || matchesAnyGlob(grantedTo, tenant);
  if (isGranted && provider.overQuotaOf?.includes(tenant) !== true) return undefined;
  const about = { capability: capability.name, provider: provider.name, tenant };
  return isGranted
    ? { kind: "AgentQuotaExceeded", ...about }
    : { kind: "NotGranted", ...about, version: capability.version };
}

function filterMismatch({ provider, capability }: Offer, { filter, requirement }: Demand): Cause | undefined {
  if (filter === undefined && capability.mandatory === undefined) return undefined;
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
