/** What an Agent claims beyond what CapabilityGrants allow it: a capability, a version, or a tenant. Pure. */
import { matchesAnyGlob } from "@lmos/primitives";
import { grantedTenants, isForEveryTenant, showName } from "@lmos/resolver";
import type { Agent, ProvidedCapability } from "@lmos/resources";
import type { AgentGranting } from "./gather.ts";

/** A capability, and the tenants to whom it is claimed and not granted; undefined for every tenant. */
export interface UngrantedClaim {
  readonly capability: ProvidedCapability;
  readonly tenants: readonly string[] | undefined;
}

/** The claims that no grant covers. An agent that names no tenant claims to serve every one. */
export function ungrantedClaims(
  { spec }: Agent,
  { agent, grants }: AgentGranting,
): readonly UngrantedClaim[] {
  const { supportedTenants } = spec;
  return spec.providedCapabilities.flatMap((capability): readonly UngrantedClaim[] => {
    const patterns = grantedTenants(agent, capability, grants);
    if (isForEveryTenant(patterns)) return [];
    if (supportedTenants.length === 0) return [{ capability, tenants: undefined }];
    const tenants = supportedTenants.filter((tenant) => !matchesAnyGlob(patterns, tenant));
    return tenants.length === 0 ? [] : [{ capability, tenants }];
  });
}

const shown = 10;

/** Some claims in words, for people. */
export function claimTexts(claims: readonly UngrantedClaim[]): string {
  const texts = claims.slice(0, shown).map(({ capability, tenants }) => {
    const to = tenants === undefined ? "every tenant" : tenants.slice(0, shown).map(showName).join(", ");
    return `${showName(capability.name)}@${capability.version} to ${to}`;
  });
  const hidden = claims.length - texts.length;
  return [...texts, ...(hidden > 0 ? [`and ${hidden} more`] : [])].join("; ");
}
