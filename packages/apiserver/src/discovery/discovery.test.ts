import { builtinKinds, customResourceDefinition } from "@lmos/resource-definitions";
import { describe, expect, test } from "vitest";
import { Catalogue } from "../registry/catalogue.ts";
import { widgetDefinition } from "../testing/widgets.ts";
import {
  aggregatedDiscovery,
  coreVersions,
  groupDocument,
  groupList,
  pathIndex,
  resourceList,
} from "./discovery.ts";
import { SchemaDocuments } from "./schema-documents.ts";

const widgets = customResourceDefinition(JSON.parse(JSON.stringify(widgetDefinition)));
const custom = widgets.kind === "defined" ? widgets.definitions : [];
const all = [...builtinKinds, ...custom];

describe("discovery", () => {
  test("tells where the core group is", () => {
    expect(coreVersions("127.0.0.1:1")).toMatchObject({
      versions: ["v1"],
      serverAddressByClientCIDRs: [{ serverAddress: "127.0.0.1:1" }],
    });
  });

  test("lists every group once, the core group apart", () => {
    const names = Object(groupList(all)).groups.map(({ name }: { name: string }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).toContain("example.dev");
    expect(names).not.toContain("");
  });

  test("describes a group that is served, and no other", () => {
    expect(groupDocument(all, "example.dev")).toMatchObject({
      kind: "APIGroup",
      versions: [{ groupVersion: "example.dev/v1", version: "v1" }],
      preferredVersion: { version: "v1" },
    });
    expect(groupDocument(all, "example.org")).toBeUndefined();
  });

  test("lists a kind with its names, and its subresources beside it", () => {
    expect(resourceList(all, "example.dev", "v1")).toMatchObject({
      groupVersion: "example.dev/v1",
      resources: [
        { name: "widgets", singularName: "widget", kind: "Widget", namespaced: true, shortNames: ["wd"] },
        { name: "widgets/status", kind: "Widget", verbs: ["get", "patch", "update"] },
      ],
    });
    expect(resourceList(all, "example.dev", "v2")).toBeUndefined();
  });

  test("tells the same in one document as in many", () => {
    const { items } = Object(aggregatedDiscovery(all, "groups"));
    for (const { metadata, versions } of items) {
      for (const { version, resources } of versions) {
        const listed = Object(resourceList(all, metadata.name, version)).resources;
        const main = listed.filter(({ name }: { name: string }) => !name.includes("/"));
        expect(resources.map(({ resource }: { resource: string }) => resource)).toEqual(
          main.map(({ name }: { name: string }) => name),
        );
      }
    }
  });
});

describe("what kube-apiserver tells of the same kinds", () => {
  const hashOf = (group: string, name: string) =>
    Object(resourceList(all, group, "v1")).resources.find((each: { name: string }) => each.name === name)
      .storageVersionHash;

  test.each([
    ["", "namespaces", "Q3oi5N2YM8M="],
    ["apps", "deployments", "8aSe+NMegvE="],
    ["coordination.k8s.io", "leases", "gqkMMb/YqFM="],
    ["policy", "poddisruptionbudgets", "EVWiDmWqyJw="],
    ["", "events", "r2yiGXH7wu8="],
    ["events.k8s.io", "events", "r2yiGXH7wu8="], // stored in the core group
    ["authorization.k8s.io", "selfsubjectaccessreviews", undefined], // not stored
  ])("%s/%s is stored under the hash %s", (group, name, hash) => expect(hashOf(group, name)).toBe(hash));

  test("resources come by name, the core group's list without its version", () => {
    const { apiVersion, resources } = Object(resourceList(all, "apps", "v1"));
    const names = resources.map(({ name }: { name: string }) => name);
    expect(apiVersion).toBe("v1");
    expect(names).toEqual([...names].toSorted());
    expect(names).toContain("deployments/scale");
    expect(resourceList(all, "", "v1")).not.toHaveProperty("apiVersion");
  });

  test("groups come in the order of Kubernetes, then by name", () => {
    const names = Object(groupList(all)).groups.map(({ name }: { name: string }) => name);
    expect(names.slice(0, 2)).toEqual(["apps", "events.k8s.io"]);
    expect(names.at(-1)).toBe("example.dev");
  });

  test("versions come from the most stable and latest to the least", () => {
    const [one] = custom;
    const versions = ["v1alpha1", "v2", "v10", "v1beta2", "v1", "later", "v1beta10"];
    const group = versions.flatMap((version) => (one === undefined ? [] : [{ ...one, version }]));
    const { versions: listed } = Object(groupDocument(group, "example.dev"));
    expect(listed.map(({ version }: { version: string }) => version)).toEqual([
      "v10",
      "v2",
      "v1",
      "v1beta10",
      "v1beta2",
      "v1alpha1",
      "later",
    ]);
  });

  test("the root lists every path that leads to more", () => {
    const { paths } = Object(pathIndex(all));
    expect(paths).toEqual([...paths].toSorted());
    expect(paths).toEqual(
      expect.arrayContaining(["/api/v1", "/apis/apps/v1", "/apis/example.dev", "/version"]),
    );
  });
});

describe("the documents of schemas", () => {
  test("are kept while the same is served, and made again when it is not", () => {
    const catalogue = new Catalogue(builtinKinds);
    const documents = new SchemaDocuments(catalogue);
    const before = documents.index();
    expect(documents.index()).toBe(before);
    expect(documents.document("example.dev", "v1")).toBeUndefined();
    catalogue.setCustom("widgets.example.dev", custom);
    expect(documents.index()).not.toBe(before);
    expect(documents.document("example.dev", "v1")).toContain('"kind":"Widget"');
    catalogue.setCustom("widgets.example.dev", []);
    expect(documents.document("example.dev", "v1")).toBeUndefined();
  });
});
