/** Short ways to write steps. */
import type { JsonObject, JsonValue } from "@lmos/primitives";
import type { KubectlStep, RequestStep, WatchStep } from "./case.ts";

type RequestOptions = Partial<Omit<RequestStep, "kind" | "method" | "path" | "body">>;

const step = (method: string, path: string, status: number, rest: Partial<RequestStep>): RequestStep => ({
  kind: "request",
  method,
  path,
  status,
  ...rest,
});

export const get = (path: string, options: RequestOptions = {}): RequestStep =>
  step("GET", path, 200, options);

export const post = (path: string, body: JsonValue, options: RequestOptions = {}): RequestStep =>
  step("POST", path, 201, { body, ...options });

export const put = (path: string, body: JsonValue, options: RequestOptions = {}): RequestStep =>
  step("PUT", path, 200, { body, ...options });

export const remove = (
  path: string,
  options: RequestOptions & { readonly body?: JsonValue } = {},
): RequestStep => step("DELETE", path, 200, options);

const patchWith =
  (type: string) =>
  (path: string, body: JsonValue, { headers, ...options }: RequestOptions = {}): RequestStep =>
    step("PATCH", path, 200, {
      body,
      headers: { "Content-Type": `application/${type}`, ...headers },
      ...options,
    });

export const mergePatch = patchWith("merge-patch+json");
export const jsonPatch = patchWith("json-patch+json");
export const strategicPatch = patchWith("strategic-merge-patch+json");

/** Server-side apply by a field manager, as `path?fieldManager=…`; `force` takes fields from others. */
export const apply = (
  path: string,
  manager: string,
  body: JsonObject,
  { force = false, ...options }: RequestOptions & { readonly force?: boolean } = {},
): RequestStep =>
  patchWith("apply-patch+yaml")(
    `${path}?fieldManager=${manager}${force ? "&force=true" : ""}`,
    body,
    options,
  );

export const watch = (path: string, options: Omit<WatchStep, "kind" | "path">): WatchStep => ({
  kind: "watch",
  path,
  ...options,
});

export const kubectl = (
  command: string,
  options: Omit<KubectlStep, "kind" | "command"> = {},
): KubectlStep => ({ kind: "kubectl", command, ...options });
