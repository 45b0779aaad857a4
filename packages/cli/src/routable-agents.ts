import type { ChannelRouting } from "@lmos/resources";
import type { RoutableAgent } from "@lmos/router";

/** The agents of a routing, as the router takes them. */
export function routableAgentsOf({ spec }: ChannelRouting): readonly RoutableAgent[] {
  return spec.capabilityGroups.map((group) => ({
    name: group.name,
    description: group.description,
    capabilities: group.capabilities.map(({ id, name, description, examples }) => ({
      id: id || name,
      name,
      description,
      examples: examples ?? [],
    })),
  }));
}
