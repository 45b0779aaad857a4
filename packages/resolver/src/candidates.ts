/** The filters that a candidate passes or fails, in the order subset, tenant, channel, version. */
import type { SemVer } from "semver";
import type { Cause } from "./cause.ts";
import type { Audience, Candidate, RejectedCandidate, Requirement } from "./model.ts";
import type { VersionRange } from "./range.ts";

/** A candidate that passed every filter, with its version read. */
export interface FittingCandidate {
  readonly candidate: Candidate;
  readonly version: SemVer;
}

/** What the candidates of one requirement are measured against. */
export interface Demand {
  readonly audience: Audience;
  readonly requirement: Requirement;
  readonly range: VersionRange;
  readonly readVersion: (text: string) => SemVer | undefined;
}

/** What became of the candidates of one requirement. */
export interface Sifted {
  readonly fitting: readonly FittingCandidate[];
  readonly rejected: readonly RejectedCandidate[];
}

/** Separates the candidates that fit from those that do not. */
export function siftCandidates(candidates: readonly Candidate[], demand: Demand): Sifted {
  const fitting: FittingCandidate[] = [];
  const rejected: RejectedCandidate[] = [];
  for (const candidate of candidates) {
    const version = demand.readVersion(candidate.capability.version);
    const cause = audienceMismatch(candidate, demand.audience) ?? versionMismatch(candidate, version, demand);
    if (cause !== undefined) rejected.push({ ...candidate, cause });
    else if (version !== undefined) fitting.push({ candidate, version });
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
  { provider, capability }: Candidate,
  version: SemVer | undefined,
  { range, requirement }: Demand,
): Cause | undefined {
  const about = { capability: capability.name, provider: provider.name, version: capability.version };
  if (version === undefined) return { kind: "InvalidVersion", ...about };
  if (!range.includes(version)) return { kind: "VersionMismatch", ...about, range: requirement.range };
  return undefined;
}
