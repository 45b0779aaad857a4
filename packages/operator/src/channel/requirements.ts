/** Channels and Agents in the resolver's terms. */
import type { Provider, Requirement } from "@lmos/resolver";
import { type Agent, type Channel, subsetOf } from "@lmos/resources";

/** What a Channel requires, in its order. */
export function requirementsOf(channel: Channel): readonly Requirement[] {
  return channel.spec.requiredCapabilities.map(({ id, name, version, strategy }) => ({
    id,
    name,
    range: version,
    strategy,
  }));
}

/** What an Agent provides; undefined before the agent controller has found out where it answers. */
export function providerOf(agent: Agent): Provider | undefined {
  const host = agent.status?.host;
  if (host === undefined) return undefined;
  return {
    name: agent.metadata.name,
    description: agent.spec.description,
    host,
    subset: subsetOf(agent),
    tenants: agent.spec.supportedTenants,
    channels: agent.spec.supportedChannels,
    capabilities: agent.spec.providedCapabilities,
  };
}
