import { readFileSync } from "node:fs";
import { recordUpdate } from "@lmos/field-management";
import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { type JsonObject, listAt, withMember } from "@lmos/primitives";
import { apiVersionOf, builtinKinds, type ResourceDefinition } from "@lmos/resource-definitions";
import { renderTable } from "@lmos/resource-table";
import { applyDefaults, pruneUnknown, type StructuralSchema, validateSchema } from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";

/**
 * Objects of built-in kinds with what kube-apiserver 1.34.4 made of them: the stored object (less what admission
 * and allocation add, such as a Service's address), the managed fields, and the row of the table.
 */
interface Case {
  readonly object: JsonObject;
  readonly stored: JsonObject;
  readonly fields: readonly JsonObject[];
  readonly created: string;
  /** `Name:type`, with a `+` where the column is for `-o wide` only. */
  readonly columns: readonly string[];
  readonly cells: readonly unknown[];
}

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("./testdata/recorded-builtin-objects.json", import.meta.url), "utf8"),
);
const named = cases.map((each) => ({
  ...each,
  title: `${each.object["kind"]} ${metadataOf(each.object)["name"]}`,
}));

function definitionOf(object: JsonObject): ResourceDefinition & { readonly schema: StructuralSchema } {
  const definition = builtinKinds.find(
    (each) => each.kind === object["kind"] && apiVersionOf(each) === object["apiVersion"],
  );
  if (definition?.schema === undefined) throw new Error(`no schema for ${String(object["kind"])}`);
  return { ...definition, schema: definition.schema };
}

function complete(object: JsonObject): JsonObject {
  const { schema } = definitionOf(object);
  return applyDefaults(schema, pruneUnknown(schema, object).value);
}

describe("built-in kinds are completed as kube-apiserver does", () => {
  test.each(named)("$title", ({ object, stored }) => {
    const completed = complete(object);
    // The status of a definition is written by the server as a whole.
    expect("status" in stored ? completed : withMember(completed, "status", undefined)).toEqual(stored);
  });
});

describe("built-in objects that kube-apiserver stores are valid", () => {
  test.each(named)("$title", ({ stored }) => {
    const { schema } = definitionOf(stored);
    expect(validateSchema(schema, stored)).toEqual([]);
    expect(pruneUnknown(schema, stored).unknownFields).toEqual([]);
  });
});

describe("a create owns the fields that kube-apiserver says", () => {
  test.each(named)("$title", ({ object, fields }) => {
    const { schema } = definitionOf(object);
    const by = { manager: "one", subresource: "", schema, time: "2026-01-01T00:00:00Z" };
    const after = withMember(complete(object), "status", undefined); // a create has no say in the status
    const recorded = recordUpdate({ ...by, before: undefined, after });
    const entries = listAt(metadataOf(recorded), "managedFields");
    expect(entries.map((entry) => Object(entry).fieldsV1)).toEqual(fields);
  });
});

describe("rows show what kubectl shows", () => {
  test.each(named)("$title", ({ stored, created, columns, cells }) => {
    const table = renderTable({
      definition: definitionOf(stored),
      objects: [withMetadata(stored, { creationTimestamp: created })],
      nowMs: Date.parse(created),
      includeObject: "None",
      resourceVersion: "1",
    });
    const shown = listAt(table, "columnDefinitions").map((column) => {
      const { name, type, priority } = Object(column);
      return `${name}:${type}${priority > 0 ? "+" : ""}`;
    });
    expect(shown).toEqual(columns);
    expect(listAt(table, "rows")).toEqual([{ cells, object: null }]);
  });
});
