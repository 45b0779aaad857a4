/** What a runtime of this suite is told: one channel of each tenant, and agents behind Services with any number of endpoints. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { formatLocalEndpoints, localEndpointsAnnotation, serviceHost } from "@lmos/resources";

/** The routings of the tenants' web channels and the Services behind them, for ports by agent. */
export function objectsFor(
  agents: Readonly<Record<string, readonly number[]>>,
  tenants: readonly string[],
): readonly { readonly kind: string }[] {
  return [
    ...tenants.map((tenant) => routingTo(Object.keys(agents), tenant)),
    ...Object.entries(agents).map(([name, ports]) => service(name, ports)),
  ];
}

/** All messages here name their agent, so nothing is ever embedded. */
export const wordEmbedding: EmbeddingModel = {
  id: "none",
  dimension: 1,
  embed: async (texts) => texts.map(() => Float32Array.of(1)),
};

function routingTo(names: readonly string[], tenant: string): { readonly kind: string } {
  const capabilityGroups = names.map((name) => ({
    id: name,
    name,
    description: name,
    capabilities: [
      {
        ...{ id: name, name, description: name, requiredVersion: ">=1.0.0", providedVersion: "1.0.0" },
        host: serviceHost({ service: name, namespace: "default", port: 8080 }),
      },
    ],
  }));
  const labels = { tenant, channel: "web", subset: "stable" };
  return {
    ...{ apiVersion: "lmos.eclipse/v1", metadata: { name: `${tenant}-web`, namespace: "default", labels } },
    kind: "ChannelRouting",
    ...{ spec: { capabilityGroups } },
  };
}

function service(name: string, ports: readonly number[]): { readonly kind: string } {
  const endpoints = formatLocalEndpoints(
    ports.map((targetPort) => ({ address: "127.0.0.1", port: 8080, targetPort })),
  );
  const annotations = { [localEndpointsAnnotation]: endpoints };
  return {
    ...{ apiVersion: "v1", metadata: { name, namespace: "default", annotations } },
    kind: "Service",
    ...{ spec: {} },
  };
}
