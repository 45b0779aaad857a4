/**
 * Channels and routings as the Kotlin runtime writes them: what it keeps of the operator's answers, in its order, with
 * null for what is missing.
 */
import type { Channel, ChannelRouting } from "@lmos/resources";

/** The body for one Channel. */
export function channelDocument({ apiVersion, kind, metadata, spec, status }: Channel): unknown {
  return {
    apiVersion,
    kind,
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace ?? null,
      labels: metadata.labels ?? null,
      annotations: metadata.annotations ?? null,
    },
    spec: { requiredCapabilities: spec.requiredCapabilities.map(requirementDocument) },
    status: status?.resolveStatus === undefined ? null : statusDocument(status),
  };
}

/** The body for one ChannelRouting. */
export function routingDocument({ apiVersion, kind, metadata, spec }: ChannelRouting): unknown {
  return {
    apiVersion,
    kind,
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace ?? null,
      labels: metadata.labels ?? null,
      creationTimestamp: metadata.creationTimestamp ?? null,
      generation: metadata.generation ?? null,
      resourceVersion: metadata.resourceVersion ?? null,
      uid: metadata.uid ?? null,
    },
    spec: {
      capabilityGroups: spec.capabilityGroups.map(({ id, name, description, capabilities }) => ({
        id,
        name,
        description,
        capabilities: capabilities.map(routedDocument),
      })),
    },
  };
}

type Requirement = Channel["spec"]["requiredCapabilities"][number];
type Routed = ChannelRouting["spec"]["capabilityGroups"][number]["capabilities"][number];

function statusDocument(status: NonNullable<Channel["status"]>): unknown {
  const { resolveStatus, unresolvedRequiredCapabilities = [] } = status;
  return {
    resolveStatus,
    unresolvedRequiredCapabilities: unresolvedRequiredCapabilities.map(requirementDocument),
  };
}

function requirementDocument({ id, name, version, strategy }: Requirement): unknown {
  return { id, name, version, strategy };
}

function routedDocument({ id, name, providedVersion, description, host, requiredVersion }: Routed): unknown {
  return { id, name, providedVersion, description, host, requiredVersion };
}
