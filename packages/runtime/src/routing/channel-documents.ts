/**
 * Channels and routings as the Kotlin runtime shows them. It writes null for what a Channel lacks, and nothing at all for
 * what a routing lacks; of a routing's labels it knows four.
 */
import type { Channel, ChannelRouting } from "@lmos/resources";

/** A requirement of a Channel. */
export interface RequirementDocument {
  readonly id: string | null;
  readonly name: string;
  readonly version: string;
  readonly strategy: string | null;
}

/** One Channel. */
export interface ChannelDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string | null;
    readonly namespace: string | null;
    readonly labels: Readonly<Record<string, string>> | null;
    readonly annotations: Readonly<Record<string, string>> | null;
  };
  readonly spec: { readonly requiredCapabilities: readonly RequirementDocument[] };
  readonly status: {
    readonly resolveStatus: string | null;
    readonly unresolvedRequiredCapabilities: readonly RequirementDocument[] | null;
  } | null;
}

/** One wire of a routing. */
export interface WireDocument {
  /** Never empty text. */
  readonly id: string | undefined;
  readonly name: string;
  readonly providedVersion: string;
  readonly description: string;
  readonly host: string;
  readonly requiredVersion: string | undefined;
}

/** One ChannelRouting. */
export interface RoutingDocument {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string | undefined;
    readonly labels: {
      readonly channel: string;
      readonly subset: string | undefined;
      readonly tenant: string;
      readonly version: string;
    };
    readonly creationTimestamp: string | undefined;
    readonly generation: number | undefined;
    readonly resourceVersion: string | undefined;
    readonly uid: string | undefined;
  };
  readonly spec: {
    readonly capabilityGroups: readonly {
      /** Never empty text. */
      readonly id: string | undefined;
      readonly name: string;
      readonly description: string;
      readonly capabilities: readonly WireDocument[];
    }[];
  };
}

/** What is shown of a Channel. */
export function channelDocument({ apiVersion, kind, metadata, spec, status }: Channel): ChannelDocument {
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

/** What is shown of a ChannelRouting. */
export function routingDocument({ apiVersion, kind, metadata, spec }: ChannelRouting): RoutingDocument {
  const { name, namespace, labels = {}, creationTimestamp, generation, resourceVersion, uid } = metadata;
  const { channel = "", subset, tenant = "", version = "" } = labels;
  return {
    apiVersion,
    kind,
    metadata: {
      ...{ name, namespace, labels: { channel, subset, tenant, version } },
      ...{ creationTimestamp, generation, resourceVersion, uid },
    },
    spec: {
      capabilityGroups: spec.capabilityGroups.map((group) => ({
        id: group.id || undefined,
        name: group.name,
        description: group.description,
        capabilities: group.capabilities.map(wireDocument),
      })),
    },
  };
}

type Status = NonNullable<Channel["status"]>;
type Requirement = Channel["spec"]["requiredCapabilities"][number];
type Wire = ChannelRouting["spec"]["capabilityGroups"][number]["capabilities"][number];

function statusDocument(status: Status): ChannelDocument["status"] {
  const { resolveStatus = null, unresolvedRequiredCapabilities = [] } = status;
  return {
    resolveStatus,
    unresolvedRequiredCapabilities: unresolvedRequiredCapabilities.map(requirementDocument),
  };
}

function requirementDocument({ id, name, version, strategy }: Requirement): RequirementDocument {
  return { id, name, version, strategy };
}

function wireDocument({ id, name, providedVersion, description, host, requiredVersion }: Wire): WireDocument {
  return { id: id || undefined, name, providedVersion, description, host, requiredVersion };
}
