/** What a path means. Pure: whether the resource exists is not known here. */

/** Every kind of path that is served. */
export type Route =
  | { readonly kind: "health" }
  | { readonly kind: "version" }
  | { readonly kind: "paths" }
  | { readonly kind: "core-versions" }
  | { readonly kind: "groups" }
  | { readonly kind: "group"; readonly group: string }
  | { readonly kind: "resources"; readonly group: string; readonly version: string }
  | { readonly kind: "openapi-index" }
  | { readonly kind: "openapi"; readonly group: string; readonly version: string }
  | ObjectsRoute
  | { readonly kind: "unknown" };

/** A collection of objects, one of them, or a subresource of it. */
export interface ObjectsRoute {
  readonly kind: "objects";
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Undefined: cluster-scoped, or all namespaces. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** True for the old paths of watches, `/api/v1/watch/…`. */
  readonly watch: boolean;
}

const healthPaths = ["/healthz", "/livez", "/readyz"];
const unknown: Route = { kind: "unknown" };
const namespaceSubresources = ["status", "finalize"];

/** Reads the path of a URL; trailing slashes don't matter. */
export function parseRoute(pathname: string): Route {
  if (healthPaths.some((path) => pathname === path || pathname.startsWith(`${path}/`)))
    return { kind: "health" };
  if (pathname === "/") return { kind: "paths" };
  const parts = decodeParts(pathname);
  if (parts === undefined) return unknown;
  const [root, ...rest] = parts;
  switch (root) {
    case "version":
      return rest.length === 0 ? { kind: "version" } : unknown;
    case "api":
      return rest.length === 0 ? { kind: "core-versions" } : versionRoute("", rest);
    case "apis":
      return groupRoute(rest);
    case "openapi":
      return rest[0] === "v3" ? openApiRoute(rest.slice(1)) : unknown;
    default:
      return unknown;
  }
}

function decodeParts(pathname: string): readonly string[] | undefined {
  try {
    return pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    return undefined; // a broken percent escape names nothing
  }
}

function groupRoute([group, ...rest]: readonly string[]): Route {
  if (group === undefined) return { kind: "groups" };
  return rest.length === 0 ? { kind: "group", group } : versionRoute(group, rest);
}

function openApiRoute([root, ...rest]: readonly string[]): Route {
  if (root === undefined) return { kind: "openapi-index" };
  const [first, second] = rest;
  if (root === "api" && first !== undefined) return { kind: "openapi", group: "", version: first };
  if (root !== "apis" || first === undefined || second === undefined) return unknown;
  return { kind: "openapi", group: first, version: second };
}

function versionRoute(group: string, [version = "", ...rest]: readonly string[]): Route {
  if (rest.length === 0) return { kind: "resources", group, version };
  return rest[0] === "watch"
    ? namespacedRoute({ group, version, watch: true }, rest.slice(1))
    : namespacedRoute({ group, version, watch: false }, rest);
}

function namespacedRoute(
  where: Pick<ObjectsRoute, "group" | "version" | "watch">,
  rest: readonly string[],
): Route {
  const [first, second, third] = rest;
  const ofNamespace = third !== undefined && !(rest.length === 3 && namespaceSubresources.includes(third));
  if (first !== "namespaces" || second === undefined || !ofNamespace) {
    return objectsRoute({ ...where, namespace: undefined }, rest);
  }
  return objectsRoute({ ...where, namespace: second }, rest.slice(2));
}

function objectsRoute(
  where: Pick<ObjectsRoute, "group" | "version" | "namespace" | "watch">,
  [plural = "", name, subresource, ...more]: readonly string[],
): Route {
  return more.length > 0 ? unknown : { kind: "objects", ...where, plural, name, subresource };
}
