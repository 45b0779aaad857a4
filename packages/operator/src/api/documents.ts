/**
 * Channels and routings as the Kotlin operator's read API writes them: its fields, in its order, with its defaults.
 * What we added to the resources (conditions, examples) is left out; it is read through the Kubernetes API.
 */
import type { Channel, ChannelRouting } from "@lmos/resources";

/** The body for one Channel. */
export function channelDocument({ apiVersion, kind, metadata, spec, status }: Channel) {
  return {
    apiVersion,
    kind,
    metadata: metadataDocument(metadata),
    spec: { requiredCapabilities: spec.requiredCapabilities.map(requirementDocument) },
    ...(status?.resolveStatus === undefined ? {} : { status: statusDocument(status) }),
  };
}

/** The body for one ChannelRouting. */
export function routingDocument({ apiVersion, kind, metadata, spec }: ChannelRouting) {
  return {
    apiVersion,
    kind,
    metadata: metadataDocument(metadata),
    spec: {
      capabilityGroups: spec.capabilityGroups.map(({ id, name, capabilities, description }) => ({
        id,
        name,
        capabilities: capabilities.map(routedDocument),
        description,
      })),
    },
  };
}

function statusDocument({
  resolveStatus,
  unresolvedRequiredCapabilities = [],
}: NonNullable<Channel["status"]>) {
  return {
    resolveStatus,
    unresolvedRequiredCapabilities: unresolvedRequiredCapabilities.map(requirementDocument),
  };
}

function requirementDocument({
  id,
  name,
  version,
  strategy,
}: Channel["spec"]["requiredCapabilities"][number]) {
  return { id, name, version, strategy };
}

function routedDocument({
  id,
  name,
  requiredVersion,
  providedVersion,
  host,
  description,
}: ChannelRouting["spec"]["capabilityGroups"][number]["capabilities"][number]) {
  return { id, name, requiredVersion, providedVersion, host, description };
}

/** Members without a value are left out by JSON. */
function metadataDocument(metadata: Channel["metadata"]) {
  return {
    annotations: metadata.annotations,
    creationTimestamp: metadata.creationTimestamp,
    generation: metadata.generation,
    labels: metadata.labels,
    name: metadata.name,
    namespace: metadata.namespace,
    resourceVersion: metadata.resourceVersion,
    uid: metadata.uid,
  };
}
