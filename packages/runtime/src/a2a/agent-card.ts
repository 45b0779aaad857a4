/** The card of a channel: to A2A clients, all of its agents are one. */
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";

/** The card, readable for clients of A2A 1.0 and of 0.3; `url` is where messages are sent. */
export function agentCardOf({ identity, agents }: RoutingSnapshot, url: string): unknown {
  const { tenant, channel } = identity;
  const bindings = ["1.0", "0.3"].map((protocolVersion) => ({
    url,
    protocolBinding: "JSONRPC",
    protocolVersion,
  }));
  return {
    name: `${tenant}/${channel}`,
    description: `Channel ${channel} of ${tenant}: ${agents.map(sentenceOf).join(" ")}`.trim(),
    version: "1.0.0",
    supportedInterfaces: bindings,
    ...{ protocolVersion: "0.3.0", url, preferredTransport: "JSONRPC" },
    capabilities: { streaming: true, pushNotifications: false },
    defaultInputModes: ["text/plain"],
    defaultOutputModes: ["text/plain"],
    skills: agents.flatMap(({ name: agent, capabilities }) =>
      capabilities.map(({ id, name, description, examples }) => ({
        id: `${agent}.${id || name}`,
        name,
        description,
        tags: [agent],
        examples: examples.slice(0, 5),
      })),
    ),
  };
}

/** An agent's description; authors write it with and without a full stop. */
function sentenceOf({ description }: RoutedAgent): string {
  const text = description.trim();
  return text === "" || /[.!?]$/.test(text) ? text : `${text}.`;
}
