/** The groups of a routing that a resolution asks for. */
import type { Candidate, Wire } from "@lmos/resolver";
import type { Agent, CapabilityGroup, RoutedCapability } from "@lmos/resources";
import { distinctWires } from "./distinct-wires.ts";
import { fitExamples } from "./examples.ts";

/** One group an agent by name, capabilities in the order of the needs, each once. */
export function wiredGroups(allWires: readonly Wire[], agents: readonly Agent[]): CapabilityGroup[] {
  const wires = distinctWires(allWires);
  const examples = fitExamples(wires.map(({ capability }) => capability.examples));
  const routed = wires.map((wire, index) => ({
    agent: wire.provider.name,
    capability: routedCapability(wire, examples[index] ?? []),
  }));
  return agentNamesOf(wires).map((name) => ({
    id: agents.find(({ metadata }) => metadata.name === name)?.spec.id ?? "",
    name,
    capabilities: routed.filter(({ agent }) => agent === name).map(({ capability }) => capability),
    description: wires.find(({ provider }) => provider.name === name)?.provider.description ?? "",
  }));
}

function routedCapability(wire: Wire, examples: readonly string[]): RoutedCapability {
  const { requirement, capability, provider } = wire;
  return {
    id: capability.id,
    name: capability.name,
    requiredVersion: requirement.range,
    providedVersion: capability.version,
    host: provider.host,
    description: capability.description,
    ...(examples.length === 0 ? {} : { examples: [...examples] }),
  };
}

/** The names of the agents of these wires, each once, in order. */
function agentNamesOf(wires: readonly Candidate[]): readonly string[] {
  return [...new Set(wires.map(({ provider }) => provider.name))].sort();
}
