import { readFileSync } from "node:fs";
import type { JsonObject } from "@lmos/primitives";
import {
  applyDefaults,
  contentErrors,
  type FieldError,
  fieldErrorBody,
  fieldErrorPath,
  fieldErrorReason,
  pruneUnknown,
} from "@lmos/structural-schema";
import { describe, expect, test } from "vitest";
import { customResourceDefinition } from "./custom-resource-definition.ts";

/** Schemas with rules: what kube-apiserver 1.34.4 said of the definition, or of objects created and updated under it. */
interface Case {
  readonly name: string;
  readonly schema: JsonObject;
  readonly refused?: readonly JsonObject[];
  readonly attempts?: readonly {
    readonly old?: JsonObject;
    readonly new: JsonObject;
    readonly causes: readonly JsonObject[];
  }[];
}

const file = new URL("./testdata/recorded-rules.json", import.meta.url);
const cases: readonly Case[] = JSON.parse(readFileSync(file, "utf8"));

function define(schema: JsonObject) {
  return customResourceDefinition({
    metadata: { name: "things.cel.example" },
    spec: {
      group: "cel.example",
      scope: "Namespaced",
      names: { plural: "things", kind: "Thing" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
}

/** Without what can't be the same: names that are made up, and the words of another parser. */
function comparable(causes: readonly JsonObject[]): readonly JsonObject[] {
  return causes
    .map((cause) => ({
      ...cause,
      message: String(cause["message"])
        .replaceAll(/selfType\d+/g, "selfType")
        .replace(/compilation failed: ERROR: .*Syntax error: [\s\S]*/, "compilation failed: Syntax error"),
    }))
    .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

function causesOf(errors: readonly FieldError[]): readonly JsonObject[] {
  const causes = errors.map((error) => ({
    reason: fieldErrorReason(error),
    message: fieldErrorBody(error),
    field: fieldErrorPath(error),
  }));
  return comparable(causes);
}

/** kube-apiserver also estimates what a rule may cost at worst, from the greatest sizes that the schema allows. */
const isTooCostly = ({ refused = [] }: Case) =>
  refused.some(({ message }) => String(message).includes("exceeds budget"));

describe("a definition is refused for its rules as kube-apiserver does", () => {
  test.each(cases.filter((each) => each.refused && !isTooCostly(each)))(
    "$name",
    ({ schema, refused = [] }) => {
      const outcome = define(schema);
      expect(causesOf(outcome.kind === "invalid" ? outcome.errors : [])).toEqual(comparable(refused));
    },
  );
});

describe("a rule that may cost too much is accepted here, since each run of it is limited", () => {
  test.each(cases.filter(isTooCostly))("$name", ({ schema }) => {
    expect(define(schema).kind).toBe("defined");
  });
});

describe("objects are checked by rules as kube-apiserver does", () => {
  test.each(cases.filter(({ attempts }) => attempts))("$name", ({ schema, attempts = [] }) => {
    const outcome = define(schema);
    const [definition] = outcome.kind === "defined" ? outcome.definitions : [];
    if (definition?.schema === undefined) throw new Error(JSON.stringify(outcome));
    const structure = definition.schema;
    const complete = (spec: JsonObject) => {
      const object = { apiVersion: "cel.example/v1", kind: "Thing", metadata: { name: "w1" }, spec };
      return applyDefaults(structure, pruneUnknown(structure, object).value);
    };
    const found = attempts.map(({ old, new: next }) =>
      causesOf(contentErrors(definition, complete(next), old && complete(old))),
    );
    expect(found).toEqual(attempts.map(({ causes }) => comparable(causes)));
  });
});
