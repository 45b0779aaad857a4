/**
 * The resolution (explained in docs/resolution.md): every requirement is wired to what agents provide, or is unmet with
 * a cause. Pure: equal input gives equal output, and the order of providers never matters.
 */
import { dependencyWires, resolveDependencies } from "./dependencies.ts";
import type { Resolution, ResolutionInput, ResolutionRequest } from "./model.ts";
import { indexProviders, type ProviderIndex } from "./provider-index.ts";
import { wireRequirements } from "./wiring.ts";

/** Wires the requirements of a channel to what the agents provide. Never throws: what cannot be read is a cause. */
export function resolveChannel({ providers, ...request }: ResolutionInput): Resolution {
  return resolveIn(indexProviders(providers), request);
}

/** The same for agents that are indexed already: for many channels and the same agents. */
export function resolveIn(index: ProviderIndex, request: ResolutionRequest): Resolution {
  const { channel: audience, requirements, current = [] } = request;
  const dependencies = resolveDependencies(requirements, { index, audience });
  const { unusable } = dependencies;
  const { wires, unmet, skipped } = wireRequirements(requirements, { index, audience, current, unusable });
  const wiring = { wires, dependencies: dependencyWires(wires, dependencies), skipped };
  return unmet.length === 0 ? { kind: "resolved", ...wiring } : { kind: "unresolved", unmet, ...wiring };
}
