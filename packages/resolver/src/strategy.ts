/** The order of preference among candidates. It is total, so that equal input gives equal output. */
import { canonicalJson } from "@lmos/primitives";
import { compare } from "semver";
import type { FittingCandidate } from "./candidates.ts";
import type { Candidate, Strategy } from "./model.ts";

/** Orders candidates that fit, the one to take first: by version as the strategy says, then by names. */
export function compareByStrategy(
  strategy: Strategy,
): (left: FittingCandidate, right: FittingCandidate) => number {
  return (left, right) =>
    compareVersions(strategy, left, right) || compareByName(left.candidate, right.candidate);
}

/** Versions that fit never lie below the range's lower bound, so the nearest to it is the lowest of them. */
function compareVersions(strategy: Strategy, left: FittingCandidate, right: FittingCandidate): number {
  switch (strategy) {
    case "HIGHEST":
      return compare(right.version, left.version);
    case "MOST_SIMILAR":
      return compare(left.version, right.version);
    default:
      return strategy satisfies never;
  }
}

/** Orders by the agent's name, then by the capability's text, so that no order depends on that of a list. */
export function compareByName(left: Candidate, right: Candidate): number {
  return (
    compareText(left.provider.name, right.provider.name) ||
    compareText(left.capability.version, right.capability.version) ||
    compareText(left.capability.id, right.capability.id) ||
    compareText(canonicalJson(left), canonicalJson(right))
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
