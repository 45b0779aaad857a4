/** The order of preference among candidates. It is total, so that equal input gives equal output. */
import type { FittingCandidate } from "./candidates.ts";
import { compareByName } from "./compare.ts";
import type { CurrentWire, Requirement, Strategy } from "./model.ts";

/** Negative where the left one is to be taken before the right one. */
export type Order = (left: FittingCandidate, right: FittingCandidate) => number;

/**
 * Orders candidates that fit a requirement, the one to take first: agents that are ready, then by version as the
 * strategy says, then the agent that serves the requirement now, then by name.
 */
export function orderOfPreference(requirement: Requirement, current: readonly CurrentWire[]): Order {
  const serving = servingNow(requirement, current);
  const bySticking: Order = (left, right) =>
    rank(!serving.has(left.provider.name), !serving.has(right.provider.name));
  const byVersion = versionOrder(requirement.strategy);
  const isSticky = requirement.strategy === "STICKY";
  return (left, right) =>
    rank(left.provider.ready === false, right.provider.ready === false) ||
    (isSticky ? bySticking(left, right) : 0) ||
    byVersion(left, right) ||
    bySticking(left, right) ||
    compareByName(left, right);
}

/** The agents of the requirement's wires; where its range is new, those of the wires of the same name. */
function servingNow({ name, range }: Requirement, current: readonly CurrentWire[]): ReadonlySet<string> {
  const sameName = current.filter((wire) => wire.name === name);
  const sameRange = sameName.filter((wire) => wire.range === range);
  return new Set((sameRange.length > 0 ? sameRange : sameName).map(({ provider }) => provider));
}

/** Versions that fit never lie below the range's lower bound, so the nearest to it is the lowest of them. */
function versionOrder(strategy: Strategy): Order {
  switch (strategy) {
    case "HIGHEST":
    case "STICKY":
      return (left, right) => right.version.compare(left.version);
    case "MOST_SIMILAR":
    case "LOWEST":
      return (left, right) => left.version.compare(right.version);
    default:
      return strategy satisfies never;
  }
}

function rank(left: boolean, right: boolean): number {
  return Number(left) - Number(right);
}
