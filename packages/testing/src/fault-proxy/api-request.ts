/** Reads an HTTP request to a Kubernetes API server as what it asks for: a verb on a resource. */

/** What a request does, named as in RBAC rules, with server-side apply apart. */
export type ApiVerb =
  | "get"
  | "list"
  | "watch"
  | "create"
  | "update"
  | "patch"
  | "apply"
  | "delete"
  | "deletecollection";

/** A request as rules match it and histories show it. */
export interface ApiRequest {
  /** Undefined for paths that are no resource, such as `/version` or discovery. */
  readonly verb: ApiVerb | undefined;
  /** `""` for the core group. */
  readonly group: string;
  /** Plural, such as `configmaps`; empty where the path is no resource. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly path: string;
  /** From which a list or watch is asked for, where it says so. */
  readonly resourceVersion?: string | undefined;
}

/** Whether a request of this verb changes something. */
export function isMutating({ verb }: ApiRequest): boolean {
  return verb !== undefined && !["get", "list", "watch"].includes(verb);
}

/** Reads method, URL (path with query) and content type. */
export function parseApiRequest(method: string, url: string, contentType = ""): ApiRequest {
  const { pathname, searchParams } = new URL(url, "http://api.test");
  const place = placeOf(pathname.split("/").filter((part) => part !== ""));
  if (place === undefined) return { verb: undefined, group: "", resource: "", path: pathname };
  const one = place.name !== undefined;
  return {
    verb: verbOf(method, { one, isWatch: searchParams.get("watch"), contentType }),
    ...place,
    path: pathname,
    resourceVersion: searchParams.get("resourceVersion") ?? undefined,
  };
}

function placeOf(
  parts: readonly string[],
): Pick<ApiRequest, "group" | "resource" | "namespace" | "name" | "subresource"> | undefined {
  const [root, ...below] = parts;
  if (root !== "api" && root !== "apis") return undefined;
  const group = root === "api" ? "" : (below.shift() ?? "");
  below.shift(); // the version
  const inNamespace = below[0] === "namespaces" && below.length > 2 && !isNamespaceSubresource(below);
  const namespace = inNamespace ? below.splice(0, 2)[1] : undefined;
  const [resource, name, subresource] = below.map(decodeURIComponent);
  return resource === undefined ? undefined : { group, resource, namespace, name, subresource };
}

/** `namespaces/a/status` and `…/finalize` are of the namespace itself, not resources in it. */
function isNamespaceSubresource(parts: readonly string[]): boolean {
  return parts.length === 3 && ["status", "finalize"].includes(parts[2] ?? "");
}

interface VerbHints {
  readonly one: boolean;
  readonly isWatch: string | null;
  readonly contentType: string;
}

function verbOf(method: string, { one, isWatch, contentType }: VerbHints): ApiVerb | undefined {
  switch (method) {
    case "GET":
      if (isWatch === "true" || isWatch === "1") return "watch";
      return one ? "get" : "list";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return contentType.startsWith("application/apply-patch") ? "apply" : "patch";
    case "DELETE":
      return one ? "delete" : "deletecollection";
    default:
      return undefined;
  }
}
