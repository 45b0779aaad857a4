/** Tenants and CapabilityGrants for tests, as short as what matters about them. */
import { type CapabilityGrant, capabilityGrantKind, type Tenant, tenantKind } from "@lmos/resources";

const apiVersion = "lmos.eclipse/v1alpha1";

/** A grant of everything that agents of the namespace default provide to acme, unless `spec` says otherwise. */
export function grantOf(name: string, spec: object = {}): CapabilityGrant {
  const everything = { providers: [{ namespace: "default" }], capabilities: ["*"], tenants: ["acme"] };
  return capabilityGrantKind.parse({
    ...{ apiVersion, kind: "CapabilityGrant", metadata: { name } },
    spec: { ...everything, ...spec },
  });
}

/** The Tenant of that id, in the namespace default unless `spec` says otherwise. */
export function tenantOfName(name: string, spec: object = {}): Tenant {
  return tenantKind.parse({
    ...{ apiVersion, kind: "Tenant", metadata: { name } },
    spec: { namespaces: ["default"], ...spec },
  });
}
