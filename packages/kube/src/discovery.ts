/** Reads what a server says it serves (APIResourceList), so that objects of any kind can be addressed. */
import { isRecord } from "@lmos/primitives";
import { textOf } from "./decode.ts";
import { KubeError } from "./errors.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";

/** The path of the resource list of an `apiVersion`: `v1`, or `group/version`. */
export function discoveryPath(apiVersion: string): string {
  const root = apiVersion.includes("/") ? "/apis" : "/api";
  return `${root}/${apiVersion.split("/").map(encodeURIComponent).join("/")}`;
}

/** The types of an APIResourceList without their subresources; throws ProtocolError when it is none. */
export function decodeResourceTypes(apiVersion: string, raw: unknown): readonly ResourceType[] {
  const resources = isRecord(raw) ? raw["resources"] : undefined;
  if (!Array.isArray(resources)) {
    throw new KubeError("ProtocolError", `discover ${apiVersion}: the answer is not a list of resources`);
  }
  const slash = apiVersion.indexOf("/");
  const group = apiVersion.slice(0, Math.max(slash, 0));
  const version = apiVersion.slice(slash + 1);
  return resources.filter(isRecord).flatMap((resource) => {
    const plural = textOf(resource["name"]) ?? "";
    const kind = textOf(resource["kind"]);
    if (plural === "" || plural.includes("/") || kind === undefined) return [];
    return [{ group, version, kind, plural, namespaced: resource["namespaced"] === true, parse: parseAny }];
  });
}

/** An object of a kind that is known by discovery only: all of its members are kept. */
function parseAny(value: unknown): KubeObject {
  if (!isKubeObject(value))
    throw new KubeError("ProtocolError", "apiVersion, kind or metadata.name is missing");
  return value;
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value) || !isRecord(value["metadata"])) return false;
  const { apiVersion, kind, metadata } = value;
  return typeof apiVersion === "string" && typeof kind === "string" && typeof metadata["name"] === "string";
}
