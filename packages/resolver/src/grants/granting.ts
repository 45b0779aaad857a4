/** Who may provide what to whom, as the CapabilityGrants say. Pure. Nothing is granted that no grant names. */
import { matchesAnyGlob, matchesGlob } from "@lmos/primitives";
import type { CapabilityGrant, GrantedProvider } from "@lmos/resources";
import { parseRange, type VersionRange } from "../range.ts";
import { parseVersion } from "../version.ts";
import { isPlainName } from "./plain-name.ts";

/** An agent as grants know it. Its account is that of its workload's pods; an Agent without a workload has none. */
export interface GrantedAgent {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string | undefined;
}

/** What an agent claims to provide. */
export interface Claim {
  readonly name: string;
  readonly version: string;
}

/** Patterns of the tenants to whom the agent may provide the capability in that version; empty for nobody. */
export function grantedTenants(
  agent: GrantedAgent,
  claim: Claim,
  grants: readonly CapabilityGrant[],
): readonly string[] {
  const fitting = grants.filter(
    ({ spec }) =>
      isProvider(agent, spec.providers) && isNamed(claim.name, spec) && isVersioned(claim.version, spec),
  );
  return [...new Set(fitting.flatMap(({ spec }) => spec.tenants))].sort();
}

/** True where some grant lets the agent provide the capability to the tenant. */
export function isGranted(
  agent: GrantedAgent,
  claim: Claim,
  options: { readonly tenant: string; readonly grants: readonly CapabilityGrant[] },
): boolean {
  return matchesAnyGlob(grantedTenants(agent, claim, options.grants), options.tenant);
}

/** True where the patterns let in every tenant, also those that do not exist yet. */
export function isForEveryTenant(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => /^\*+$/.test(pattern));
}

/** True for an agent of one of these providers. */
export function isProvider(agent: GrantedAgent, providers: readonly GrantedProvider[]): boolean {
  return providers.some(
    ({ namespace, serviceAccount, agent: name }) =>
      matchesGlob(namespace, agent.namespace) &&
      (name === undefined || matchesGlob(name, agent.name)) &&
      (serviceAccount === undefined ||
        (agent.serviceAccount !== undefined && matchesGlob(serviceAccount, agent.serviceAccount))),
  );
}

/** A pattern never fits a name that people may take for another one; such a name is granted by itself or not at all. */
function isNamed(name: string, { capabilities }: CapabilityGrant["spec"]): boolean {
  return isPlainName(name) ? matchesAnyGlob(capabilities, name) : capabilities.includes(name);
}

/** A range that can't be read lets nothing in. */
function isVersioned(version: string, { versions }: CapabilityGrant["spec"]): boolean {
  if (versions === undefined) return true;
  const parsed = parseVersion(version);
  return parsed !== undefined && rangeOf(versions)?.includes(parsed) === true;
}

const ranges = new Map<string, VersionRange | undefined>();
const mostRanges = 10_000;

/** Reading a range costs much more than using it. What is remembered never changes an outcome. */
function rangeOf(text: string): VersionRange | undefined {
  if (ranges.has(text)) return ranges.get(text);
  if (ranges.size >= mostRanges) ranges.clear();
  const range = parseRange(text);
  ranges.set(text, range);
  return range;
}

/** Stands for the namespaces of a grant that names them by a pattern. */
export const someNamespaces = "*";

/** The namespaces of those who are granted something, each once; those of a pattern as {@link someNamespaces}. */
export function namespacesOfGrant({ spec }: Pick<CapabilityGrant, "spec">): readonly string[] {
  const names = spec.providers.map(({ namespace }) => (namespace.includes("*") ? someNamespaces : namespace));
  return [...new Set(names)];
}
