import { readFileSync } from "node:fs";
import { strategicMergePatch } from "@lmos/field-management";
import type { JsonObject } from "@lmos/primitives";
import { builtinKinds } from "@lmos/resource-definitions";
import { applyDefaults, pruneUnknown } from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";

/** A Deployment, and what kube-apiserver 1.34.4 made of it by each patch. */
const recorded: {
  readonly document: JsonObject;
  readonly cases: readonly {
    readonly name: string;
    readonly patch: JsonObject;
    readonly result: JsonObject;
  }[];
} = JSON.parse(readFileSync(new URL("./testdata/recorded-strategic-patches.json", import.meta.url), "utf8"));

const schema = builtinKinds.find(({ kind }) => kind === "Deployment")?.schema ?? {};

describe("a strategic merge patch", () => {
  test.each(recorded.cases)("$name", ({ patch, result }) => {
    const patched = pruneUnknown(schema, strategicMergePatch(recorded.document, patch, schema)).value;
    const { metadata, spec } = applyDefaults(schema, patched);
    expect({ metadata, spec }).toEqual(result);
  });

  test("leaves the document as it was", () => {
    const before = structuredClone(recorded.document);
    for (const { patch } of recorded.cases) strategicMergePatch(recorded.document, patch, schema);
    expect(recorded.document).toEqual(before);
  });
});
