/** Tenants and CapabilityGrants for tests, as short as what matters about them. */
import { type CapabilityGrant, capabilityGrantKind, type Tenant, tenantKind } from "@lmos/resources";

const apiVersion = "lmos.eclipse/v1alpha1";

/** The Tenant of that id, in the namespace default unless `spec` says otherwise. */
export function tenantObject(name: string, spec: object = {}): Tenant {
  const complete = { namespaces: ["default"], ...spec };
  return tenantKind.parse({ apiVersion, kind: "Tenant", metadata: { name }, spec: complete });
}

/** A grant of everything that agents of the namespace default provide to acme, unless `spec` says otherwise. */
export function grantObject(name: string, spec: object = {}): CapabilityGrant {
  const complete = { providers: [{ namespace: "default" }], capabilities: ["*"], tenants: ["acme"], ...spec };
  return capabilityGrantKind.parse({
    apiVersion,
    kind: "CapabilityGrant",
    metadata: { name },
    spec: complete,
  });
}
