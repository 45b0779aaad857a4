// The card that ARC serves: A2A's of an early version, with nothing behind it but what is there for LMOS. Arc View reads it.
import { announce } from "./announcement.ts";
import type { Agent } from "./define-agent.ts";

/** Path of the card. */
export const arcCardPath = "/.well-known/agent.json";

/** Name of the card of several agents, as ARC has it. */
const nameOfSeveral = "multi-agent";

/** The card of these agents; their capabilities are its skills. */
export function arcCard(agents: readonly [Agent, ...Agent[]]): unknown {
  const { id, description, capabilities } = announce(agents);
  const [first] = agents;
  return {
    name: agents.length === 1 ? id : nameOfSeveral,
    description,
    url: "",
    version: first.version,
    capabilities: { streaming: false, pushNotifications: false, stateTransitionHistory: false },
    defaultInputModes: ["text"],
    defaultOutputModes: ["text"],
    skills: capabilities.map((capability) => ({
      id: capability.id ?? capability.name,
      name: capability.name,
      description: capability.description,
      tags: [],
      examples: capability.examples,
    })),
  };
}
