/** Which of the candidates that were not taken came nearest: the first thing a person wants to know. */
import { compare } from "semver";
import type { RejectedOffer } from "./candidates.ts";
import { nearness } from "./cause.ts";
import { compareByName } from "./compare.ts";
import type { RejectedCandidate } from "./model.ts";
import type { VersionRange } from "./range.ts";
import { compareDistance } from "./version.ts";

/**
 * The rejected candidates, nearest first: by how many filters they passed, then by how near their version is to the
 * range's lower bound, then by name.
 */
export function orderByNearness(
  rejected: readonly RejectedOffer[],
  range: VersionRange,
): readonly RejectedCandidate[] {
  const ordered = rejected.toSorted(
    (left, right) =>
      nearness[right.cause.kind] - nearness[left.cause.kind] ||
      compareVersions(left, right, range) ||
      compareByName(candidateOf(left), candidateOf(right)),
  );
  return ordered.map((offer) => ({ ...candidateOf(offer), cause: offer.cause }));
}

function candidateOf({ provider, capability }: RejectedOffer): Omit<RejectedCandidate, "cause"> {
  return { provider, capability };
}

function compareVersions(left: RejectedOffer, right: RejectedOffer, { lowerBound }: VersionRange): number {
  if (left.version === undefined || right.version === undefined) {
    return Number(left.version === undefined) - Number(right.version === undefined);
  }
  return compareDistance(left.version, right.version, lowerBound) || compare(right.version, left.version);
}
