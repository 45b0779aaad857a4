/** Objects and paths that many cases use. */
import type { JsonObject, JsonValue } from "@lmos/primitives";

const inNamespace = (prefix: string, plural: string): string => `${prefix}/namespaces/<ns>/${plural}`;

export const configMaps = inNamespace("/api/v1", "configmaps");
export const secrets = inNamespace("/api/v1", "secrets");
export const services = inNamespace("/api/v1", "services");
export const pods = inNamespace("/api/v1", "pods");
export const deployments = inNamespace("/apis/apps/v1", "deployments");
export const leases = inNamespace("/apis/coordination.k8s.io/v1", "leases");
export const widgets = inNamespace("/apis/conformance.example/v1", "widgets");
export const channels = inNamespace("/apis/lmos.eclipse/v1", "channels");
export const agents = inNamespace("/apis/lmos.eclipse/v1", "agents");
export const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

type Metadata = { readonly [name: string]: JsonValue };

export const configMap = (
  name: string,
  data: Readonly<Record<string, string>>,
  metadata: Metadata = {},
): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...metadata },
  data,
});

export const widget = (name: string, spec: JsonObject, metadata: Metadata = {}): JsonObject => ({
  apiVersion: "conformance.example/v1",
  kind: "Widget",
  metadata: { name, ...metadata },
  spec,
});

export const deployment = (name: string, metadata: Metadata = {}, spec: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, ...metadata },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "main", image: "registry.example/main:1" }] },
    },
    ...spec,
  },
});

export const channel = (name: string, version: string, metadata: Metadata = {}): JsonObject => ({
  apiVersion: "lmos.eclipse/v1",
  kind: "Channel",
  metadata: {
    name,
    labels: { tenant: "acme", channel: "web", version: "1.0.0", subset: "stable" },
    ...metadata,
  },
  spec: { requiredCapabilities: [{ id: "track", name: "track-parcel", version }] },
});

export const agent = (name: string, metadata: Metadata = {}): JsonObject => ({
  apiVersion: "lmos.eclipse/v1",
  kind: "Agent",
  metadata: { name, labels: { version: "1.1.0", subset: "stable" }, ...metadata },
  spec: {
    id: name,
    description: "Answers questions about parcels",
    supportedTenants: ["acme"],
    supportedChannels: ["web"],
    providedCapabilities: [
      {
        id: "track",
        name: "track-parcel",
        version: "1.1.0",
        description: "Says where a parcel is",
        examples: ["where is my parcel?"],
      },
    ],
  },
});

/** A CustomResourceDefinition in the case's own group. */
export const definition = (
  {
    kind = "Gadget",
    plural = "gadgets",
    scope = "Namespaced",
  }: { kind?: string; plural?: string; scope?: string },
  schema: JsonObject,
  version: JsonObject = {},
): JsonObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.<group>` },
  spec: {
    group: "<group>",
    scope,
    names: { kind, plural },
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
  },
});

/** The schema of an object whose `spec` is as given. */
export const specSchema = (spec: JsonObject): JsonObject => ({ type: "object", properties: { spec } });

export const gadgets = inNamespace("/apis/<group>/v1", "gadgets");

export const gadget = (name: string, rest: JsonObject): JsonObject => ({
  apiVersion: "<group>/v1",
  kind: "Gadget",
  metadata: { name },
  ...rest,
});
