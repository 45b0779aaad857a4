import { readFileSync } from "node:fs";
import type { JsonObject } from "@lmos/primitives";
import {
  applyDefaults,
  fieldErrorBody,
  fieldErrorPath,
  fieldErrorReason,
  pruneUnknown,
  type StructuralSchema,
  validateSchema,
} from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";
import { customResourceDefinition } from "./custom-resource-definition.ts";

/** Custom objects with what kube-apiserver 1.34.4 stored, or the causes it gave for refusing them. */
interface Case {
  readonly name: string;
  readonly object: JsonObject;
  readonly stored?: JsonObject;
  readonly causes?: readonly JsonObject[];
  /** What it warned of. */
  readonly unknownFields?: readonly string[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`./testdata/${name}`, import.meta.url), "utf8"));
const cases: readonly Case[] = read("recorded-validation.json");

function widgetSchema(): StructuralSchema {
  const widgets = customResourceDefinition(read("widgets-crd.json"));
  const schema = widgets.kind === "defined" ? widgets.definitions[0]?.schema : undefined;
  if (schema === undefined) throw new Error("the definition of widgets is not valid");
  return schema;
}

/** Kubernetes walks objects in no order. */
function sorted(causes: readonly JsonObject[]): readonly JsonObject[] {
  return causes.toSorted((one, other) => (String(one["message"]) < String(other["message"]) ? -1 : 1));
}

describe("custom objects are stored or refused as kube-apiserver does", () => {
  const schema = widgetSchema();

  test.each(cases)("$name", ({ object, stored, causes = [], unknownFields = [] }) => {
    const sent: JsonObject = { apiVersion: "shapes.example/v1", kind: "Widget", metadata: {}, ...object };
    const pruned = pruneUnknown(schema, sent);
    const completed = applyDefaults(schema, pruned.value);
    const found = validateSchema(schema, completed).map((error) => ({
      reason: fieldErrorReason(error),
      message: fieldErrorBody(error),
      field: fieldErrorPath(error),
    }));
    expect(sorted(found)).toEqual(sorted(causes));
    expect(pruned.unknownFields).toEqual(unknownFields);
    if (stored !== undefined) expect(completed["spec"]).toEqual(stored);
  });
});
