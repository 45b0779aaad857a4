import { describe, expect, test } from "vitest";
import { parseRoute } from "./route.ts";

const objects = { kind: "objects", group: "", version: "v1", plural: "pods", watch: false };
const nothing = { namespace: undefined, name: undefined, subresource: undefined };

describe("the path", () => {
  test.each([
    ["/healthz", { kind: "health" }],
    ["/readyz/ping", { kind: "health" }],
    ["/version", { kind: "version" }],
    ["/api", { kind: "core-versions" }],
    ["/apis/", { kind: "groups" }],
    ["/apis/apps", { kind: "group", group: "apps" }],
    ["/api/v1", { kind: "resources", group: "", version: "v1" }],
    ["/apis/apps/v1", { kind: "resources", group: "apps", version: "v1" }],
    ["/openapi/v3", { kind: "openapi-index" }],
    ["/openapi/v3/api/v1", { kind: "openapi", group: "", version: "v1" }],
    ["/openapi/v3/apis/apps/v1", { kind: "openapi", group: "apps", version: "v1" }],
    ["/openapi/v2", { kind: "unknown" }],
    ["/api/v1/pods", { ...objects, ...nothing }],
    ["/api/v1/namespaces/n/pods", { ...objects, ...nothing, namespace: "n" }],
    ["/api/v1/namespaces/n/pods/p/status", { ...objects, namespace: "n", name: "p", subresource: "status" }],
    ["/api/v1/namespaces/n", { ...objects, ...nothing, plural: "namespaces", name: "n" }],
    [
      "/api/v1/namespaces/n/status",
      { ...objects, ...nothing, plural: "namespaces", name: "n", subresource: "status" },
    ],
    ["/api/v1/namespaces/n/pods/a%2Fb", { ...objects, ...nothing, namespace: "n", name: "a/b" }],
    ["/api/v1/watch/namespaces/n/pods", { ...objects, ...nothing, namespace: "n", watch: true }],
    ["/api/v1/namespaces/n/pods/p/proxy/x", { kind: "unknown" }],
    ["/api/v1/pods/%", { kind: "unknown" }],
    ["/", { kind: "paths" }],
  ])("%s", (path, route) => {
    expect(parseRoute(path)).toEqual(route);
  });
});
