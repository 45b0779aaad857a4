/**
 * The resolution (explained in docs/resolution.md): every requirement is wired to what agents provide, or is unmet with
 * a cause. Pure: equal input gives equal output, and the order of providers never matters.
 */

import type { Refusal } from "./cause.ts";
import { dependencyWires, resolveDependencies } from "./dependencies.ts";
import type { Requirement, Resolution, ResolutionInput, ResolutionRequest } from "./model.ts";
import { indexProviders, type ProviderIndex } from "./provider-index.ts";
import { distinctRequirements } from "./requirement.ts";
import { wireRequirements } from "./wiring.ts";

/** Wires the requirements of a channel to what the agents provide. Never throws: what cannot be read is a cause. */
export function resolveChannel({ providers, ...request }: ResolutionInput): Resolution {
  return resolveIn(indexProviders(providers), request);
}

/** The same for agents that are indexed already: for many channels and the same agents. */
export function resolveIn(index: ProviderIndex, request: ResolutionRequest): Resolution {
  const { channel: audience, requirements, current = [], refusal } = request;
  if (refusal !== undefined) return refuseAll(requirements, refusal);
  const dependencies = resolveDependencies(requirements, { index, audience });
  const { unusable } = dependencies;
  const { wires, unmet, skipped } = wireRequirements(requirements, { index, audience, current, unusable });
  const wiring = { wires, dependencies: dependencyWires(wires, dependencies), skipped };
  return unmet.length === 0 ? { kind: "resolved", ...wiring } : { kind: "unresolved", unmet, ...wiring };
}

/** Also for a channel that requires nothing: what is refused is not resolved. */
function refuseAll(requirements: readonly Requirement[], cause: Refusal): Resolution {
  const unmet = distinctRequirements(requirements).map((requirement) => ({
    requirement,
    cause,
    candidates: [],
  }));
  return { kind: "unresolved", unmet, wires: [], dependencies: [], skipped: [] };
}
