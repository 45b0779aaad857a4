/** The groups of a routing that holds an earlier revision, for a rollback and for a routing that somebody edited by hand. */
import type { Agent, CapabilityGroup, ChannelRouting, RoutedCapability } from "@lmos/resources";
import { fitExamples } from "./examples.ts";
import type { RevisionWire } from "./wires.ts";

/** Where what a revision does not keep may be found. */
interface Known {
  readonly agents: readonly Agent[];
  readonly routing: ChannelRouting | undefined;
}

/**
 * The groups of a revision. What a revision does not keep (descriptions, examples) comes from the Agents as far as
 * they still provide the capability, and else from the routing that is there.
 */
export function restoredGroups(wires: readonly RevisionWire[], known: Known): CapabilityGroup[] {
  const descriptions = wires.map((wire) => describe(wire, known));
  const examples = fitExamples(descriptions.map((each) => each.examples ?? []));
  const routed = wires.map(({ agent, ...wire }, index): readonly [string, RoutedCapability] => {
    const fitting = examples[index] ?? [];
    const { description } = descriptions[index] ?? { description: "" };
    return [agent, { ...wire, description, ...(fitting.length === 0 ? {} : { examples: [...fitting] }) }];
  });
  return [...new Set(wires.map(({ agent }) => agent))].sort().map((name) => {
    const capabilities = routed.filter(([agent]) => agent === name).map(([, capability]) => capability);
    return { ...groupHead(name, known), capabilities };
  });
}

function groupHead(name: string, { agents, routing }: Known): Omit<CapabilityGroup, "capabilities"> {
  const agent = agents.find(({ metadata }) => metadata.name === name);
  const before = routing?.spec.capabilityGroups.find((group) => group.name === name);
  return {
    id: agent?.spec.id ?? before?.id ?? "",
    name,
    description: agent?.spec.description ?? before?.description ?? "",
  };
}

function describe(
  wire: RevisionWire,
  { agents, routing }: Known,
): Pick<RoutedCapability, "description" | "examples"> {
  const agent = agents.find(({ metadata }) => metadata.name === wire.agent);
  const group = routing?.spec.capabilityGroups.find(({ name }) => name === wire.agent);
  return (
    providedBy(agent, wire) ??
    group?.capabilities.find(({ name }) => name === wire.name) ?? { description: "" }
  );
}

function providedBy(agent: Agent | undefined, { name, providedVersion }: RevisionWire) {
  const provided = agent?.spec.providedCapabilities.filter((capability) => capability.name === name) ?? [];
  return provided.find(({ version }) => version === providedVersion) ?? provided[0];
}
