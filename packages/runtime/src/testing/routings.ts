/** Builders of the objects that tests need. */
import { apiVersion, type ChannelRouting, channelRoutingKind } from "@lmos/resources";

/** One agent of a routing, with one capability. */
export interface AgentSketch {
  readonly name: string;
  readonly host: string;
  readonly description?: string;
  readonly capability?: string | { readonly id: string; readonly name: string; readonly description: string };
  readonly examples?: readonly string[];
}

/** A routing of acme's web channel unless told otherwise. */
export function routingOf(
  agents: readonly AgentSketch[],
  overrides: {
    readonly tenant?: string;
    readonly channel?: string;
    readonly subset?: string;
    readonly name?: string;
  } = {},
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

function groupOf({
  name,
  host,
  description,
  capability = `${name}-capability`,
  examples,
}: AgentSketch): unknown {
  return {
    id: name,
    name,
    description: description ?? `The agent ${name}`,
    capabilities: [
      {
        ...(typeof capability === "string" ? capabilityNamed(capability) : capability),
        requiredVersion: ">=1.0.0",
        providedVersion: "1.1.0",
        host,
        ...(examples === undefined ? {} : { examples }),
      },
    ],
  };
}

function capabilityNamed(name: string): Exclude<AgentSketch["capability"], string | undefined> {
  return { id: `${name}-id`, name, description: name.replaceAll("-", " ") };
}
