/** What is served, as clients ask for it before anything else: versions, groups and resources. Pure. */
import { createHash } from "node:crypto";
import type { JsonObject } from "@lmos/primitives";
import { apiVersionOf, type ResourceDefinition } from "@lmos/resource-definitions";
import { qualifiedResource } from "../registry/catalogue.ts";
import { storageResource } from "../registry/view.ts";

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
    emulationMajor: "1",
    emulationMinor: "34",
    minCompatibilityMajor: "1",
    minCompatibilityMinor: "33",
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
  const resources = ofVersion.toSorted(byPlural).flatMap((each) => resourceEntries(definitions, each));
  // The core group's list, older than the rule that everything tells its version, does not.
  const apiVersion = group === "" ? {} : { apiVersion: "v1" };
  return { kind: "APIResourceList", ...apiVersion, groupVersion: apiVersionOf(first), resources };
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
        .toSorted(byPlural)
        .map(aggregatedEntry),
    })),
  }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items };
}

/** `/`: every path that leads to more. */
export function pathIndex(definitions: Definitions): JsonObject {
  const groups = groupNames(definitions).flatMap((group) => [
    `/apis/${group}`,
    ...versionsOf(definitions, group).map((version) => `/apis/${group}/${version}`),
  ]);
  const fixed = [
    "/api",
    "/api/v1",
    "/apis",
    "/apis/",
    "/healthz",
    "/livez",
    "/openapi/v3",
    "/readyz",
    "/version",
  ];
  return { paths: [...fixed, ...groups].toSorted() };
}

/** The order in which Kubernetes lists its own groups; others follow by name. */
const groupOrder =
  "apps events.k8s.io authorization.k8s.io networking.k8s.io policy rbac.authorization.k8s.io apiextensions.k8s.io coordination.k8s.io discovery.k8s.io".split(
    " ",
  );

function groupNames(definitions: Definitions): readonly string[] {
  const groups = new Set(definitions.map(({ group }) => group).filter((group) => group !== ""));
  const others = [...groups].filter((group) => !groupOrder.includes(group));
  return [...groupOrder.filter((group) => groups.has(group)), ...others.toSorted()];
}

/** The versions of a group as Kubernetes ranks them: stable ones first, then beta, then alpha, later ones before earlier ones. */
function versionsOf(definitions: Definitions, group: string): readonly string[] {
  const versions = definitions.filter((each) => each.group === group).map(({ version }) => version);
  return [...new Set(versions)].toSorted(
    (one, other) => rankOf(other).localeCompare(rankOf(one)) || (one < other ? -1 : 1),
  );
}

/** A text that is the greater the further in front a version stands. */
function rankOf(version: string): string {
  const [, major = "", stage = "", minor = ""] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === "") return "0";
  const stages: Readonly<Record<string, number>> = { alpha: 1, beta: 2, "": 3 };
  return [stages[stage], major.padStart(9, "0"), minor.padStart(9, "0")].join(".");
}

function byPlural(one: ResourceDefinition, other: ResourceDefinition): number {
  return one.plural < other.plural ? -1 : 1;
}

/** Tells clients when a kind is stored in another version. Only what is stored has one. */
function storageVersionHash(definitions: Definitions, definition: ResourceDefinition): JsonObject {
  if (!definition.verbs.includes("list")) return {};
  const resource = storageResource(definition);
  const { group } = definitions.find((each) => qualifiedResource(each) === resource) ?? definition;
  const { version, storageVersion = version, kind } = definition;
  const hash = createHash("sha256").update(`${group}/${storageVersion}/${kind}`).digest();
  return { storageVersionHash: hash.subarray(0, 8).toString("base64") };
}

function groupEntry(definitions: Definitions, name: string): JsonObject {
  const versions = versionsOf(definitions, name).map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] ?? {} };
}

function resourceEntries(definitions: Definitions, definition: ResourceDefinition): readonly JsonObject[] {
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
    ...storageVersionHash(definitions, definition),
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

function subresourcesOf({ group, version, kind, subresources, origin }: ResourceDefinition): readonly Part[] {
  const status = subresources.status ? [{ name: "status", type: { group, version, kind } }] : [];
  const scale = subresources.scale === undefined ? [] : [{ name: "scale", type: scaleType }];
  return origin === "custom" ? [...status, ...scale] : [...scale, ...status];
}

const scaleType = { group: "autoscaling", version: "v1", kind: "Scale" };
