import { builtinKinds, customResourceDefinition } from "@lmos/resource-definitions";
import { describe, expect, test } from "vitest";
import { Catalogue } from "../registry/catalogue.ts";
import { widgetDefinition } from "../testing/widgets.ts";
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList } from "./discovery.ts";
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
