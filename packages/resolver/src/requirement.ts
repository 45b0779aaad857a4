/** When two requirements are the same: their ids play no role. */
import type { Requirement } from "./model.ts";

/** Equal for requirements that ask for the same. */
export function identityOf(requirement: Requirement): string {
  const {
    name,
    range,
    strategy,
    resolution = "mandatory",
    cardinality = "single",
    filter = "",
  } = requirement;
  return JSON.stringify([name, range, strategy, resolution, cardinality, filter]);
}

/** The requirements without those that ask for the same as an earlier one. */
export function distinctRequirements(requirements: readonly Requirement[]): readonly Requirement[] {
  if (new Set(requirements.map(({ name }) => name)).size === requirements.length) return requirements;
  const seen = new Map<string, Requirement>();
  for (const requirement of requirements) {
    const identity = identityOf(requirement);
    if (!seen.has(identity)) seen.set(identity, requirement);
  }
  return [...seen.values()];
}
