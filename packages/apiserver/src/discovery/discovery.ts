/** What is served, as clients ask for it before anything else: versions, groups and resources. Pure. */
import type { JsonObject } from "@lmos/primitives";
import { apiVersionOf, type ResourceDefinition } from "@lmos/resource-definitions";

type Definitions = readonly ResourceDefinition[];

/** The release of Kubernetes whose behaviour is followed. */
export function versionInfo(): JsonObject {
  return {
    major: "1",
    minor: "34",
    gitVersion: "v1.34.0+lmos",
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "none",
    compiler: "none",
    platform: "javascript/node",
  };
}

/** `/api`: versions of the core group. */
export function coreVersions(serverAddress: string): JsonObject {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}

/** `/apis`: the other groups. */
export function groupList(definitions: Definitions): JsonObject {
  const groups = groupNames(definitions).map((group) => groupEntry(definitions, group));
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

/** `/apis/GROUP`; undefined if it is not served. */
export function groupDocument(definitions: Definitions, group: string): JsonObject | undefined {
  if (!groupNames(definitions).includes(group)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(definitions, group) };
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined if it is not served. */
export function resourceList(
  definitions: Definitions,
  group: string,
  version: string,
): JsonObject | undefined {
  const ofVersion = definitions.filter((each) => each.group === group && each.version === version);
  const [first] = ofVersion;
  if (first === undefined) return undefined;
  const resources = ofVersion.flatMap(resourceEntries);
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf(first), resources };
}

/** `/api` and `/apis` in one document each with all their resources (`apidiscovery.k8s.io/v2`). */
export function aggregatedDiscovery(definitions: Definitions, part: "core" | "groups"): JsonObject {
  const groups = part === "core" ? [""] : groupNames(definitions);
  const items = groups.map((group) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(definitions, group).map((version) => ({
      version,
      freshness: "Current",
      resources: definitions
        .filter((each) => each.group === group && each.version === version)
        .map(aggregatedEntry),
    })),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

function groupNames(definitions: Definitions): readonly string[] {
  return [...new Set(definitions.map(({ group }) => group))].filter((group) => group !== "");
}

function versionsOf(definitions: Definitions, group: string): readonly string[] {
  return [...new Set(definitions.filter((each) => each.group === group).map(({ version }) => version))];
}

function groupEntry(definitions: Definitions, name: string): JsonObject {
  const versions = versionsOf(definitions, name).map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

function resourceEntries(definition: ResourceDefinition): readonly JsonObject[] {
  const {
    plural: name,
    singular: singularName,
    namespaced,
    kind,
    verbs,
    shortNames,
    categories,
  } = definition;
  const main = {
    name,
    singularName,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
  const parts = subresourcesOf(definition).map((part) => ({
    name: `${name}/${part.name}`,
    singularName: "",
    namespaced,
    ...(part.name === "scale" ? part.type : { kind }),
    verbs: subresourceVerbs,
  }));
  return [main, ...parts];
}

function aggregatedEntry(definition: ResourceDefinition): JsonObject {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories } = definition;
  const subresources = subresourcesOf(definition).map((part) => ({
    subresource: part.name,
    responseKind: part.type,
    verbs: subresourceVerbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

const subresourceVerbs = ["get", "patch", "update"];

interface Part {
  readonly name: string;
  readonly type: { readonly group: string; readonly version: string; readonly kind: string };
}

function subresourcesOf({ group, version, kind, subresources }: ResourceDefinition): readonly Part[] {
  return [
    ...(subresources.status ? [{ name: "status", type: { group, version, kind } }] : []),
    ...(subresources.scale === undefined
      ? []
      : [{ name: "scale", type: { group: "autoscaling", version: "v1", kind: "Scale" } }]),
  ];
}
