import { KubeError } from "./errors.ts";
import type { ResourceType } from "./resource-type.ts";

/** Which resource of a type: all of them, those of a namespace, or one. */
export interface ResourceLocation {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
}

/** Query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The path of a resource below the server's base URL, with its query. */
export function resourcePath(type: ResourceType, location: ResourceLocation, query: Query = {}): string {
  const { namespace, name, subresource } = location;
  const segments = [
    ...(type.group === "" ? ["api"] : ["apis", type.group]),
    type.version,
    ...(type.namespaced && namespace !== undefined ? ["namespaces", segment(namespace)] : []),
    type.plural,
    ...(name === undefined ? [] : [segment(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return `/${segments.join("/")}${queryText(query)}`;
}

/** An empty or dotted name would address the collection instead of one object. */
function segment(text: string): string {
  if (text === "" || text === "." || text === "..") {
    throw new KubeError("BadRequest", `"${text}" is not the name of an object or a namespace`);
  }
  return encodeURIComponent(text);
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}
