import type { JsonObject, JsonValue } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDefaults } from "./defaults.ts";
import { pruneUnknown } from "./prune.ts";
import type { StructuralSchema } from "./structural-schema.ts";

const text: StructuralSchema = { type: "string" };
const inner: StructuralSchema = {
  type: "object",
  properties: { a: { ...text, default: "A" }, b: { ...text, nullable: true } },
};
const schema: StructuralSchema = {
  type: "object",
  properties: {
    a: { ...text, default: "x" },
    b: inner,
    c: { type: "array", items: inner },
    d: { type: "object", additionalProperties: inner },
    e: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { a: inner } },
    f: { type: "object", default: {}, properties: { a: { ...text, default: "deep" } } },
    g: {
      type: "object",
      "x-kubernetes-embedded-resource": true,
      properties: { spec: inner },
    },
  },
};

const values = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(null, 1, "t", true),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "x", "metadata"), tie("value"), {
      noNullPrototype: true,
    }),
  ),
})).value;
const objects = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "x"), values, {
  noNullPrototype: true,
});

describe("pruning", () => {
  test("twice is pruning once, and finds nothing more", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const { value } = pruneUnknown<JsonObject>(schema, object);
        expect(pruneUnknown(schema, value)).toEqual({ value, unknownFields: [] });
      }),
    );
  });

  const rows: readonly { name: string; object: JsonObject; kept: JsonObject; unknown: readonly string[] }[] =
    [
      { name: "drops what is not described", object: { a: "1", x: 1 }, kept: { a: "1" }, unknown: ["x"] },
      {
        name: "looks into lists and maps",
        object: { c: [{ a: "1", x: 1 }], d: { k: { y: 1 } } },
        kept: { c: [{ a: "1" }], d: { k: {} } },
        unknown: ["c[0].x", "d.k.y"],
      },
      {
        name: "keeps what is open, and prunes what is described in it",
        object: { e: { x: { y: 1 }, a: { z: 1 } } },
        kept: { e: { x: { y: 1 }, a: {} } },
        unknown: ["e.a.z"],
      },
      {
        name: "keeps type and metadata of an embedded resource",
        object: { g: { apiVersion: "v1", kind: "K", metadata: { x: 1 }, spec: { x: 1 }, y: 1 } },
        kept: { g: { apiVersion: "v1", kind: "K", metadata: { x: 1 }, spec: {} } },
        unknown: ["g.spec.x", "g.y"],
      },
      {
        name: "drops null where it is not allowed, without a word",
        object: { b: { a: null, b: null }, c: null },
        kept: { b: { a: null, b: null } },
        unknown: [],
      },
    ];

  test.each(rows)("$name", ({ object, kept, unknown }) => {
    expect(pruneUnknown(schema, object)).toEqual({ value: kept, unknownFields: unknown });
  });
});

describe("defaulting", () => {
  test("twice is defaulting once", () => {
    fc.assert(
      fc.property(objects, (object) => {
        const once = applyDefaults<JsonObject>(schema, object);
        expect(applyDefaults(schema, once)).toEqual(once);
      }),
    );
  });

  test("leaves the object as it was, and what is there as it is", () => {
    const object = { a: "own", b: { b: null }, c: [{}], d: { k: {} } };
    expect(applyDefaults<JsonObject>(schema, object)).toEqual({
      a: "own",
      b: { a: "A", b: null },
      c: [{ a: "A" }],
      d: { k: { a: "A" } },
      f: { a: "deep" },
    });
    expect(object).toEqual({ a: "own", b: { b: null }, c: [{}], d: { k: {} } });
  });

  test("asks a built-in type what depends on its other members", () => {
    const derived: StructuralSchema = {
      derivedDefaults: ({ port }) => ({ targetPort: port ?? 0, nested: { deep: 1 } }),
    };
    expect(applyDefaults<JsonObject>(derived, { port: 80, nested: { own: 2 } })).toEqual({
      port: 80,
      targetPort: 80,
      nested: { own: 2, deep: 1 },
    });
  });
});
