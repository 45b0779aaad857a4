/** Builders of the objects that tests need. */
import { apiVersion, type ChannelRouting, channelRoutingKind } from "@lmos/resources";

/** One agent of a routing. */
export interface AgentSketch {
  readonly name: string;
  readonly host: string;
  readonly capability?: string;
  readonly examples?: readonly string[];
}

/** A routing of acme's web channel unless told otherwise. */
export function routingOf(
  agents: readonly AgentSketch[],
  overrides: { readonly tenant?: string; readonly channel?: string; readonly subset?: string; readonly name?: string } = {},
): ChannelRouting {
  const { tenant = "acme", channel = "web", subset = "stable" } = overrides;
  return channelRoutingKind.parse({
    apiVersion,
    kind: "ChannelRouting",
    metadata: {
      name: overrides.name ?? `${tenant}-${channel}-${subset}`,
      namespace: "default",
      labels: { tenant, channel, subset, version: "1.0.0" },
    },
    spec: { capabilityGroups: agents.map(groupOf) },
  });
}

function groupOf({ name, host, capability = `${name}-capability`, examples }: AgentSketch): unknown {
  return {
    id: name,
    name,
    description: `The agent ${name}`,
    capabilities: [
      {
        id: `${capability}-id`,
        name: capability,
        requiredVersion: ">=1.0.0",
        providedVersion: "1.1.0",
        description: capability.replaceAll("-", " "),
        host,
        ...(examples === undefined ? {} : { examples }),
      },
    ],
  };
}
