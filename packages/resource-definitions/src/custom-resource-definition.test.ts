import { readFileSync } from "node:fs";
import type { JsonObject } from "@lmos/primitives";
import { fieldErrorBody, fieldErrorPath, fieldErrorReason } from "@lmos/structural-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { customResourceDefinition } from "./custom-resource-definition.ts";

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`./testdata/${name}`, import.meta.url), "utf8"));

/** Definitions that kube-apiserver 1.34.4 refused, with the causes it gave. */
const refused: readonly {
  readonly name: string;
  readonly crd: JsonObject;
  readonly causes: readonly JsonObject[];
}[] = read("recorded-definitions.json");

/** Without what depends on the implementation: Go's form of a list of versions. */
function comparable(causes: readonly JsonObject[]): readonly JsonObject[] {
  return causes
    .map((cause) => ({
      ...cause,
      message: String(cause["message"]).replace(/\[\{.*\}\]/, "[…]"),
    }))
    .toSorted((one, other) => (one.message < other.message ? -1 : 1));
}

describe("a definition is refused as kube-apiserver does", () => {
  test.each(refused)("for $name", ({ crd, causes }) => {
    const outcome = customResourceDefinition(crd);
    const errors = outcome.kind === "invalid" ? outcome.errors : [];
    const found = errors.map((error) => ({
      reason: fieldErrorReason(error),
      message: fieldErrorBody(error),
      field: fieldErrorPath(error),
    }));
    expect(comparable(found)).toEqual(comparable(causes));
  });
});

describe("a valid definition", () => {
  const outcome = customResourceDefinition(read("widgets-crd.json"));
  const [widget] = outcome.kind === "defined" ? outcome.definitions : [];

  test("gives the names, the scope and the subresources", () => {
    expect(widget).toMatchObject({
      group: "shapes.example",
      version: "v1",
      kind: "Widget",
      listKind: "WidgetList",
      plural: "widgets",
      singular: "widget",
      shortNames: ["wg"],
      categories: [],
      namespaced: true,
      subresources: { status: true, scale: undefined },
      origin: "custom",
    });
  });

  test("gives the columns in their order", () => {
    expect(widget?.columns.map(({ name }) => name)).toEqual(["Size", "Ready", "Tags", "Seen", "Dotted"]);
  });

  test("describes metadata like that of every object", () => {
    expect(widget?.schema?.properties?.["metadata"]?.properties).toHaveProperty("ownerReferences");
  });

  test("serves only the versions that say so, and names the stored one", () => {
    const crd = read("widgets-crd.json");
    const [v1] = crd.spec.versions;
    const versions = [
      { ...v1, name: "v1alpha1", storage: true, served: false },
      { ...v1, name: "v1", storage: false },
      { ...v1, name: "v2", storage: false },
    ];
    expect(customResourceDefinition({ ...crd, spec: { ...crd.spec, versions } })).toMatchObject({
      definitions: [{ version: "v1" }, { version: "v2" }],
      storageVersion: "v1alpha1",
    });
  });
});

test("a definition of any shape is read without a failure", () => {
  const [name, value] = [
    fc.constantFrom("properties", "items", "required", "enum", "default", "type", "pattern"),
    fc.jsonValue(),
  ];
  const schemas = fc.dictionary(
    name,
    fc.oneof(value, fc.dictionary(name, value, { noNullPrototype: true })),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(schemas, value, (openAPIV3Schema, names) => {
      const versions = [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }];
      const crd = JSON.parse(JSON.stringify({ spec: { versions, names } }));
      expect(customResourceDefinition(crd).kind).toBe("invalid");
    }),
  );
});
