/** What of a routing is granted: the same decision as the operator's, made anew by who gives turns to agents. Pure. */
import { type GrantedAgent, isGranted, type TenantKnowledge, trustFaultOf } from "@lmos/resolver";
import {
  type CapabilityGrant,
  type CapabilityGroup,
  type ChannelRouting,
  channelIdentityOf,
  parseServiceHost,
  type RoutedCapability,
} from "@lmos/resources";

/** What Tenants and CapabilityGrants say of one channel. */
export interface GrantKnowledge extends TenantKnowledge {
  /** Those that can concern an agent of the routing's namespace. */
  readonly grants: readonly CapabilityGrant[];
}

/** A wire that may not be there. */
export interface UngrantedWire {
  readonly agent: string;
  readonly capability: string;
  readonly version: string;
}

/** A routing, and what was taken out of it. */
export interface GrantedRouting {
  /** The routing itself where all of it is granted; undefined where nothing of it is. */
  readonly routing: ChannelRouting | undefined;
  readonly ungranted: readonly UngrantedWire[];
}

/** Leaves out what is not granted; the other wires stay as they are. */
export function grantedRouting(routing: ChannelRouting, knowledge: GrantKnowledge): GrantedRouting {
  const isAllowed = wireCheck(routing, knowledge);
  const groups = routing.spec.capabilityGroups;
  const ungranted = groups.flatMap((group) =>
    group.capabilities.filter((wire) => !isAllowed(group, wire)).map((wire) => ungrantedWire(group, wire)),
  );
  if (ungranted.length === 0) return { routing, ungranted };
  const capabilityGroups = groups
    .map((group) => ({ ...group, capabilities: group.capabilities.filter((wire) => isAllowed(group, wire)) }))
    .filter(({ capabilities }) => capabilities.length > 0);
  if (capabilityGroups.length === 0) return { routing: undefined, ungranted };
  return { routing: { ...routing, spec: { ...routing.spec, capabilityGroups } }, ungranted };
}

function wireCheck(routing: ChannelRouting, { grants, ...tenants }: GrantKnowledge) {
  const { namespace = "" } = routing.metadata;
  const { tenant, channel } = channelIdentityOf(routing);
  const isTrusted = trustFaultOf({ tenant, channel, namespace }, tenants) === undefined;
  return ({ name, serviceAccount }: CapabilityGroup, wire: RoutedCapability): boolean => {
    const agent: GrantedAgent = { namespace, name, serviceAccount };
    const claim = { name: wire.name, version: wire.providedVersion };
    return isTrusted && isWithin(namespace, wire) && isGranted(agent, claim, { tenant, grants });
  };
}

/** An agent is granted something where it lies: whoever names it must not lead elsewhere. */
function isWithin(namespace: string, { host }: RoutedCapability): boolean {
  return host === "" || parseServiceHost(host)?.namespace === namespace;
}

function ungrantedWire({ name: agent }: CapabilityGroup, wire: RoutedCapability): UngrantedWire {
  return { agent, capability: wire.name, version: wire.providedVersion };
}
