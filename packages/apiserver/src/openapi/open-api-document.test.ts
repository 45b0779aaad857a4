import { readFileSync } from "node:fs";
import { objectAt } from "@lmos/primitives";
import { builtinKinds, customResourceDefinition } from "@lmos/resource-definitions";
import { describe, expect, test } from "vitest";
import { openApiDocument, openApiIndex } from "./open-api-document.ts";

const crd = JSON.parse(
  readFileSync(
    new URL("../../../resource-definitions/src/testdata/widgets-crd.json", import.meta.url),
    "utf8",
  ),
);
const outcome = customResourceDefinition(crd);
const widgets = outcome.kind === "defined" ? outcome.definitions : [];
const apps = builtinKinds.filter(({ group }) => group === "apps");

describe("the index", () => {
  const addressOf = (definitions: Parameters<typeof openApiIndex>[0], path: string) =>
    objectAt(objectAt(openApiIndex(definitions), "paths"), path)["serverRelativeURL"];

  test("names each group version's document", () => {
    expect(addressOf([...builtinKinds, ...widgets], "api/v1")).toMatch(
      /^\/openapi\/v3\/api\/v1\?hash=[0-9A-F]{8}$/,
    );
    expect(addressOf(widgets, "apis/shapes.example/v1")).toMatch(
      /^\/openapi\/v3\/apis\/shapes.example\/v1\?hash=/,
    );
  });

  test("has another address once a document is another one", () => {
    const changed = widgets.map((definition) => ({ ...definition, schema: { description: "changed" } }));
    const path = "apis/shapes.example/v1";
    expect(addressOf(widgets, path)).toBe(addressOf(widgets, path));
    expect(addressOf(changed, path)).not.toBe(addressOf(widgets, path));
  });
});

describe("a document", () => {
  const patchOf = (definitions: Parameters<typeof openApiDocument>[0], path: string) =>
    objectAt(objectAt(objectAt(openApiDocument(definitions), "paths"), path), "patch");

  test.each([
    {
      name: "built-in",
      definitions: apps,
      path: "/apis/apps/v1/namespaces/{namespace}/deployments/{name}",
      strategic: true,
    },
    {
      name: "custom",
      definitions: widgets,
      path: "/apis/shapes.example/v1/namespaces/{namespace}/widgets/{name}",
      strategic: false,
    },
  ])("offers field validation and the right patches for a $name kind", ({ definitions, path, strategic }) => {
    const patch = patchOf(definitions, path);
    const types = Object.keys(objectAt(objectAt(patch, "requestBody"), "content"));
    expect(patch["x-kubernetes-action"]).toBe("patch");
    expect(JSON.stringify(patch["parameters"])).toContain('"name":"fieldValidation"');
    expect(types.includes("application/strategic-merge-patch+json")).toBe(strategic);
  });

  test("holds every schema that it refers to", () => {
    for (const definitions of [apps, widgets, builtinKinds]) {
      const document = openApiDocument(definitions);
      const schemas = objectAt(objectAt(document, "components"), "schemas");
      const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
      const missing = references.filter(([, name = ""]) => !(name in schemas));
      expect(missing).toEqual([]);
    }
  });

  test("describes a custom kind under its group's name backwards", () => {
    const schemas = objectAt(objectAt(openApiDocument(widgets), "components"), "schemas");
    expect(schemas["example.shapes.v1.Widget"]).toMatchObject({
      "x-kubernetes-group-version-kind": [{ group: "shapes.example", version: "v1", kind: "Widget" }],
      properties: {
        metadata: {
          allOf: [{ $ref: "#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" }],
        },
        spec: { required: ["size"] },
      },
    });
  });
});
