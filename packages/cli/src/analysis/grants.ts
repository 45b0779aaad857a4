/** Findings about Tenants, CapabilityGrants and what agents claim. Pure. */
import { claimTexts, createGrantLookup } from "@lmos/operator";
import { isRange } from "@lmos/resolver";
import { type CapabilityGrant, type Tenant, tenantIdOf } from "@lmos/resources";
import type { World } from "../world.ts";
import { type Finding, finding } from "./finding.ts";

/** The findings about the world's grants; none about agents where grants do not count. */
export function grantFindings(world: World): readonly Finding[] {
  return [
    ...world.tenants.flatMap(faultsOfTenant),
    ...duplicateIds(world.tenants),
    ...world.grants.flatMap(faultsOfGrant),
    ...(world.mode === "off" ? [] : ungranted(world)),
  ];
}

function ungranted(world: World): readonly Finding[] {
  const lookup = createGrantLookup(world, world.mode);
  return world.agents.flatMap((agent) => {
    const claims = lookup.ofAgent(agent);
    return claims.length === 0 ? [] : [finding("LMOS302", agent, `it claims ${claimTexts(claims)}`)];
  });
}

function faultsOfTenant(tenant: Tenant): readonly Finding[] {
  const { namespaces, channels } = tenant.spec;
  return [
    ...emptyLists(tenant, { namespaces, channels }),
    ...(namespaces.some(isEverything)
      ? [finding("LMOS306", tenant, "any namespace may hold its Channels: name its namespaces")]
      : []),
  ];
}

function duplicateIds(tenants: readonly Tenant[]): readonly Finding[] {
  const byId = Map.groupBy(tenants, tenantIdOf);
  return [...byId].flatMap(([id, same]) => {
    const [first, ...others] = same.toSorted((left, right) =>
      left.metadata.name < right.metadata.name ? -1 : 1,
    );
    const message = `${first?.metadata.name} has the id ${id} too, and counts instead`;
    return others.map((tenant) => finding("LMOS303", tenant, message));
  });
}

function faultsOfGrant(grant: CapabilityGrant): readonly Finding[] {
  const { providers, capabilities, tenants, versions } = grant.spec;
  const isOpen = tenants.some(isEverything) && providers.some(({ namespace }) => isEverything(namespace));
  return [
    ...emptyLists(grant, { providers, capabilities, tenants }),
    ...(versions !== undefined && !isRange(versions)
      ? [finding("LMOS304", grant, `"${versions}" is not a range that any version can satisfy`)]
      : []),
    ...(isOpen ? [finding("LMOS306", grant, "agents of any namespace may serve every tenant")] : []),
  ];
}

function emptyLists(
  object: Tenant | CapabilityGrant,
  lists: Readonly<Record<string, readonly unknown[]>>,
): readonly Finding[] {
  return Object.entries(lists)
    .filter(([, list]) => list.length === 0)
    .map(([name]) => finding("LMOS305", object, `spec.${name} is empty, which lets nothing in`));
}

function isEverything(pattern: string): boolean {
  return /^\*+$/.test(pattern);
}
