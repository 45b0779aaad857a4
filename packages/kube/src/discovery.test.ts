import { expect, test } from "vitest";
import { decodeResourceTypes, discoveryPath } from "./discovery.ts";

test.each([
  { apiVersion: "v1", path: "/api/v1" },
  { apiVersion: "apps/v1", path: "/apis/apps/v1" },
  { apiVersion: "lmos.eclipse/v1", path: "/apis/lmos.eclipse/v1" },
])("finds the resource list of $apiVersion", ({ apiVersion, path }) => {
  expect(discoveryPath(apiVersion)).toBe(path);
});

const list = {
  kind: "APIResourceList",
  resources: [
    { name: "deployments", kind: "Deployment", namespaced: true, verbs: ["get"] },
    { name: "deployments/scale", kind: "Scale", group: "autoscaling", namespaced: true, verbs: ["get"] },
    { name: "", kind: "Broken" },
  ],
};

test("lists types and leaves subresources out", () => {
  const types = decodeResourceTypes("apps/v1", list);
  expect(types.map(({ parse, ...type }) => type)).toEqual([
    { group: "apps", version: "v1", kind: "Deployment", plural: "deployments", namespaced: true },
  ]);
});

test("reads the core group and cluster-scoped types", () => {
  const types = decodeResourceTypes("v1", { resources: [{ name: "namespaces", kind: "Namespace" }] });
  expect(types[0]).toMatchObject({ group: "", version: "v1", namespaced: false });
});

test("keeps every member of an object and refuses one without a name", () => {
  const [type] = decodeResourceTypes("apps/v1", list);
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "a" },
    spec: { replicas: 1 },
  };
  expect(type?.parse(object)).toEqual(object);
  expect(() => type?.parse({ ...object, metadata: {} })).toThrow("metadata.name is missing");
});

test("refuses what is no resource list", () => {
  expect(() => decodeResourceTypes("v1", { kind: "Status" })).toThrow("not a list of resources");
});
