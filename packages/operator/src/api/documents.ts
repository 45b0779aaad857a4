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
    metadata: metadataDocument({ ...metadata, ownerReferences: undefined }),
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

/** Members without a value are left out by JSON, and so are empty lists and maps. */
function metadataDocument(metadata: Channel["metadata"]) {
  return {
    annotations: unlessEmpty(metadata.annotations),
    creationTimestamp: metadata.creationTimestamp,
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    deletionTimestamp: metadata.deletionTimestamp,
    finalizers: unlessEmpty(metadata.finalizers),
    generateName: metadata.generateName,
    generation: metadata.generation,
    labels: unlessEmpty(metadata.labels),
    name: metadata.name,
    namespace: metadata.namespace,
    ownerReferences: unlessEmpty(metadata.ownerReferences?.map(ownerDocument)),
    resourceVersion: metadata.resourceVersion,
    uid: metadata.uid,
  };
}

function ownerDocument(owner: NonNullable<Channel["metadata"]["ownerReferences"]>[number]) {
  const { apiVersion, kind, blockOwnerDeletion, controller, name, uid } = owner;
  return { apiVersion, kind, blockOwnerDeletion, controller, name, uid };
}

function unlessEmpty<T extends object>(members: T | undefined): T | undefined {
  return members === undefined || Object.keys(members).length === 0 ? undefined : members;
}
