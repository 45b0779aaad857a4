/** Channels and Agents in the resolver's terms. */
import type { Provider, Requirement } from "@lmos/resolver";
import {
  type Agent,
  type Channel,
  type ProvidedCapability,
  parseServiceHost,
  type RequiredCapability,
  subsetOf,
} from "@lmos/resources";
import { repeatedCapabilities } from "../agent/repeated-capabilities.ts";

/** What a Channel requires, in its order. */
export function requirementsOf(channel: Channel): readonly Requirement[] {
  return channel.spec.requiredCapabilities.map(requirementOf);
}

function requirementOf({ version, ...rest }: RequiredCapability): Requirement {
  return { ...rest, range: version };
}

/**
 * What an Agent provides and requires; undefined before the agent controller has found out where it answers. Whoever may
 * write a status must not thereby lead users elsewhere: only a Service of the Agent's namespace counts.
 */
export function providerOf(agent: Agent): Provider | undefined {
  const host = agent.status?.host;
  if (host === undefined || parseServiceHost(host)?.namespace !== agent.metadata.namespace) return undefined;
  const { description, supportedTenants, supportedChannels, providedCapabilities } = agent.spec;
  return {
    name: agent.metadata.name,
    description,
    host,
    subset: subsetOf(agent),
    tenants: supportedTenants,
    channels: supportedChannels,
    capabilities: withoutRepeated(providedCapabilities),
    requirements: (agent.spec.requiredCapabilities ?? []).map(requirementOf),
  };
}

/** What its status says of a capability that is given twice: the first one counts. */
function withoutRepeated(capabilities: readonly ProvidedCapability[]): readonly ProvidedCapability[] {
  const repeated = repeatedCapabilities(capabilities);
  return repeated.length === 0 ? capabilities : capabilities.filter((one) => !repeated.includes(one));
}
