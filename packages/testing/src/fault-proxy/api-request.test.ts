import { expect, test } from "vitest";
import { isMutating, parseApiRequest } from "./api-request.ts";

test.each([
  ["GET", "/api/v1/namespaces/a/configmaps?limit=5", "", "list", "", "configmaps", "a", undefined],
  ["GET", "/api/v1/configmaps?watch=true", "", "watch", "", "configmaps", undefined, undefined],
  ["GET", "/apis/apps/v1/namespaces/a/deployments/b", "", "get", "apps", "deployments", "a", "b"],
  ["POST", "/api/v1/namespaces", "", "create", "", "namespaces", undefined, undefined],
  ["GET", "/api/v1/namespaces/a", "", "get", "", "namespaces", undefined, "a"],
  ["PUT", "/api/v1/namespaces/a/finalize", "", "update", "", "namespaces", undefined, "a"],
  [
    "PATCH",
    "/apis/g.test/v1/things/b/status",
    "application/apply-patch+yaml",
    "apply",
    "g.test",
    "things",
    undefined,
    "b",
  ],
  [
    "PATCH",
    "/api/v1/namespaces/a/secrets/b",
    "application/merge-patch+json",
    "patch",
    "",
    "secrets",
    "a",
    "b",
  ],
  ["DELETE", "/api/v1/namespaces/a/secrets", "", "deletecollection", "", "secrets", "a", undefined],
  ["GET", "/version", "", undefined, "", "", undefined, undefined],
])("%s %s (%s) is %s", (method, url, contentType, verb, group, resource, namespace, name) => {
  const request = parseApiRequest(method, url, contentType);
  expect(request).toMatchObject({ verb, group, resource });
  expect([request.namespace, request.name]).toEqual([namespace, name]);
  expect(isMutating(request)).toBe(verb !== undefined && !["get", "list", "watch"].includes(verb));
});
