/** Routings as a file or an operator's API tells them: acme's web channel, each agent at a host. */

/** What a routing is made of. */
export interface RoutingText {
  /** Hosts by the name of an agent. */
  readonly agents: Readonly<Record<string, string>>;
  readonly generation?: number;
  readonly subset?: string;
}

/** The object of one routing. */
export function routingObject({ agents, generation = 1, subset = "stable" }: RoutingText) {
  const capabilityGroups = Object.entries(agents).map(([name, host]) => ({
    name,
    capabilities: [{ name: "answer", providedVersion: "1.0.0", host }],
  }));
  const labels = { tenant: "acme", channel: "web", subset };
  return {
    metadata: {
      ...{ name: `acme-web-${subset}`, uid: "u1", generation, resourceVersion: String(generation), labels },
    },
    spec: { capabilityGroups },
  };
}

/** The text of a file with one agent, which is called `agent`. */
export function fileRoutingTo(host: string): string {
  return JSON.stringify({ channelRoutings: [routingObject({ agents: { agent: host } })] });
}
