import { canonicalJson, type JsonObject } from "@lmos/primitives";
import type { StructuralSchema } from "@lmos/structural-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ApplyOutcome, applyConfiguration } from "./apply-configuration.ts";
import { recordUpdate } from "./record-update.ts";

const text: StructuralSchema = { type: "string" };
const schema: StructuralSchema = {
  type: "object",
  properties: {
    metadata: { type: "object", properties: { labels: { type: "object", additionalProperties: text } } },
    spec: {
      type: "object",
      properties: {
        size: text,
        map: { type: "object", additionalProperties: text },
        set: { type: "array", items: text, "x-kubernetes-list-type": "set" },
        whole: { type: "array", items: text },
        parts: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", properties: { name: text, color: text } },
        },
      },
    },
  },
};

const keys = fc.constantFrom("a", "b", "c");
const specs: fc.Arbitrary<JsonObject> = fc.record(
  {
    size: keys,
    map: fc.dictionary(keys, keys, { noNullPrototype: true }),
    set: fc.uniqueArray(keys),
    whole: fc.array(keys, { maxLength: 3 }),
    parts: fc.uniqueArray(fc.record({ name: keys, color: keys }), { selector: (part) => part.name }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

function configurationOf(spec: JsonObject): JsonObject {
  return { apiVersion: "shapes.example/v1", kind: "Widget", metadata: { name: "x" }, spec };
}

function apply(live: JsonObject | undefined, manager: string, spec: JsonObject, force = true): ApplyOutcome {
  const time = "2026-01-01T00:00:00Z";
  return applyConfiguration({
    live,
    configuration: configurationOf(spec),
    manager,
    subresource: "",
    force,
    schema,
    time,
  });
}

function applied(live: JsonObject | undefined, manager: string, spec: JsonObject): JsonObject {
  const outcome = apply(live, manager, spec);
  if (outcome.kind === "conflict") throw new Error("a forced apply met a conflict");
  return outcome.object;
}

describe("server-side apply", () => {
  test("applied twice gives the same bytes", () => {
    fc.assert(
      fc.property(specs, specs, (first, second) => {
        const live = applied(applied(undefined, "other", first), "one", second);
        expect(canonicalJson(applied(live, "one", second))).toBe(canonicalJson(live));
      }),
    );
  });

  test("a lone manager gets just what it last applied", () => {
    fc.assert(
      fc.property(specs, specs, (first, second) => {
        const live = applied(applied(undefined, "one", first), "one", second);
        const { set: _set, parts: _parts, ...unordered } = Object(live["spec"] ?? {});
        const { set: _sent, parts: _sentParts, ...expected } = second;
        expect(withoutEmpty(unordered)).toEqual(withoutEmpty(expected));
      }),
    );
  });

  test("managers that agree never conflict", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const live = applied(undefined, "one", spec);
        expect(apply(live, "two", spec, false).kind).toBe("applied");
      }),
    );
  });

  test("what one manager applied stays when another lets go of it", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const both = applied(applied(undefined, "one", spec), "two", spec);
        const live = applied(both, "two", {});
        expect(withoutEmpty(Object(live["spec"] ?? {}))).toEqual(withoutEmpty(spec));
      }),
    );
  });

  test("is refused where another manager has another value, naming manager and field", () => {
    const live = applied(undefined, "one", { size: "a", parts: [{ name: "p", color: "red" }] });
    expect(apply(live, "two", { size: "b", parts: [{ name: "p", color: "blue" }] }, false)).toEqual({
      kind: "conflict",
      conflicts: [
        { manager: '"one"', field: ".spec.size" },
        { manager: '"one"', field: '.spec.parts[name="p"].color' },
      ],
    });
  });

  test("without a schema merges objects by member and lists as a whole", () => {
    const free = (live: JsonObject | undefined, manager: string, spec: JsonObject) =>
      applyConfiguration({
        live,
        configuration: configurationOf(spec),
        manager,
        subresource: "",
        force: false,
        schema: undefined,
        time: "2026-01-01T00:00:00Z",
      });
    const one = free(undefined, "one", { a: { x: 1 }, l: [1] });
    if (one.kind === "conflict") throw new Error("nobody else owns anything yet");
    expect(free(one.object, "two", { a: { y: 2 } })).toMatchObject({
      object: { spec: { a: { x: 1, y: 2 }, l: [1] } },
    });
    expect(free(one.object, "two", { l: [2] })).toEqual({
      kind: "conflict",
      conflicts: [{ manager: '"one"', field: ".spec.l" }],
    });
  });

  test("treats an object that nobody tracked as set before the first apply", () => {
    const live = { ...configurationOf({ size: "a" }), metadata: { name: "x", uid: "1" } };
    expect(apply(live, "one", { size: "b" }, false)).toEqual({
      kind: "conflict",
      conflicts: [{ manager: '"before-first-apply" using shapes.example/v1', field: ".spec.size" }],
    });
  });
});

describe("an update", () => {
  const write = (before: JsonObject | undefined, after: JsonObject, subresource = "") =>
    recordUpdate({ before, after, manager: "editor", subresource, schema, time: "2026-01-02T00:00:00Z" });
  const managersOf = (object: JsonObject) =>
    (Object(object["metadata"]).managedFields ?? []).map((entry: JsonObject) => entry["manager"]);

  test("without changes keeps the entries as they are", () => {
    const live = applied(undefined, "one", { size: "a" });
    expect(write(live, live)).toEqual(live);
  });

  test("that sends no entries keeps the stored ones", () => {
    const live = applied(undefined, "one", { size: "a" });
    expect(managersOf(write(live, configurationOf({ size: "a" })))).toEqual(["one"]);
  });

  test("may replace the entries, as kubectl does when it changes to server-side apply", () => {
    const live = write(undefined, configurationOf({ size: "a" }));
    const entries = Object(live["metadata"]).managedFields.map((entry: JsonObject) => ({
      ...entry,
      manager: "kubectl",
      operation: "Apply",
    }));
    const after = { ...live, metadata: { name: "x", managedFields: entries } };
    expect(managersOf(write(live, after))).toEqual(["kubectl"]);
  });

  test("of a subresource can't replace the entries", () => {
    const live = applied(undefined, "one", { size: "a" });
    const after = { ...live, metadata: { name: "x", managedFields: [] } };
    expect(managersOf(write(live, after, "status"))).toEqual(["one"]);
  });

  test("with an empty list of entries ends the tracking", () => {
    const live = applied(undefined, "one", { size: "a" });
    const after = { ...live, metadata: { name: "x", managedFields: [] } };
    expect(managersOf(write(live, after))).toEqual([]);
  });
});

/** Without members that hold nothing: emptied maps and lists may stay. */
function withoutEmpty(spec: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(spec).filter(
      ([, value]) => typeof value !== "object" || Object.keys(value ?? {}).length > 0,
    ),
  );
}
