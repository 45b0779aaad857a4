// The capabilities document of the agents that one process serves.
import type { CapabilitiesDocument } from "@lmos/protocol";
import type { Agent } from "./define-agent.ts";

/**
 * What these agents announce together, under the first one's name. They share tenants and channels in the
 * document, so it holds all channels of any of them, and every tenant as soon as one of them serves every tenant.
 */
export function announce(agents: readonly [Agent, ...Agent[]]): CapabilitiesDocument {
  const [first] = agents;
  return {
    id: first.name,
    description: agents.map(({ description }) => description).join(" "),
    supportedTenants: agents.some(({ supportedTenants }) => supportedTenants.length === 0)
      ? []
      : unique(agents.flatMap(({ supportedTenants }) => supportedTenants)),
    supportedChannels: unique(agents.flatMap(({ supportedChannels }) => supportedChannels)),
    capabilities: agents.flatMap(({ capabilities }) => capabilities),
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
