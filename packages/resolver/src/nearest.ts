/** Which of the candidates that were not taken came nearest: the first thing a person wants to know. */
import { compare } from "semver";
import type { Demand } from "./candidates.ts";
import { nearness } from "./cause.ts";
import type { RejectedCandidate } from "./model.ts";
import { compareByName } from "./strategy.ts";
import { versionDistance } from "./version.ts";

/**
 * The rejected candidates, nearest first: by how many filters they passed, then by how near their version is to the
 * range's lower bound, then by name.
 */
export function orderByNearness(
  rejected: readonly RejectedCandidate[],
  demand: Demand,
): readonly RejectedCandidate[] {
  return [...rejected].sort(
    (left, right) =>
      nearness[right.cause.kind] - nearness[left.cause.kind] ||
      compareVersions(left, right, demand) ||
      compareByName(left, right),
  );
}

function compareVersions(left: RejectedCandidate, right: RejectedCandidate, demand: Demand): number {
  const leftVersion = demand.readVersion(left.capability.version);
  const rightVersion = demand.readVersion(right.capability.version);
  if (leftVersion === undefined || rightVersion === undefined) {
    return Number(leftVersion === undefined) - Number(rightVersion === undefined);
  }
  const { lowerBound } = demand.range;
  return (
    versionDistance(leftVersion, lowerBound) - versionDistance(rightVersion, lowerBound) ||
    compare(rightVersion, leftVersion)
  );
}
