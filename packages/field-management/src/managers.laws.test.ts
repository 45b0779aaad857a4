import { metadataOf } from "@lmos/kubernetes-syntax";
import { canonicalJson, type JsonObject, jsonEqual } from "@lmos/primitives";
import type { StructuralSchema } from "@lmos/structural-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ApplyOutcome, applyConfiguration } from "./apply-configuration.ts";
import { emptyFieldSet, pathsOf, unionOf } from "./field-set.ts";
import { readManagers, withoutManagers } from "./managed-fields.ts";
import { recordUpdate } from "./record-update.ts";

const text: StructuralSchema = { type: "string" };
const schema: StructuralSchema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      properties: {
        size: text,
        map: { type: "object", additionalProperties: text },
        parts: {
          type: "array",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
          items: { type: "object", properties: { name: text, colour: text } },
        },
      },
    },
  },
};

const words = fc.constantFrom("a", "b", "c");
const specs: fc.Arbitrary<JsonObject> = fc.record(
  {
    size: words,
    map: fc.dictionary(words, words, { noNullPrototype: true }),
    parts: fc.uniqueArray(fc.record({ name: words, colour: words }), { selector: ({ name }) => name }),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const time = "2026-01-01T00:00:00Z";
const object = (spec: JsonObject): JsonObject => ({
  apiVersion: "shapes.example/v1",
  kind: "Widget",
  metadata: { name: "x" },
  spec,
});

function apply(live: JsonObject | undefined, manager: string, spec: JsonObject, force = false): ApplyOutcome {
  const configuration = object(spec);
  return applyConfiguration({ live, configuration, manager, subresource: "", force, schema, time });
}

function forced(live: JsonObject | undefined, manager: string, spec: JsonObject): JsonObject {
  const outcome = apply(live, manager, spec, true);
  if (outcome.kind === "conflict") throw new Error("a forced apply met a conflict");
  return outcome.object;
}

/** What somebody wants, whatever the order of its items. */
function contentOf(live: JsonObject): string {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(canonicalJson).toSorted() : value;
  const spec = Object(live["spec"] ?? {});
  const { map, parts, ...rest } = spec;
  const present = { ...rest, ...(map && Object.keys(map).length > 0 ? { map } : {}) };
  return canonicalJson(parts?.length > 0 ? { ...present, parts: sorted(parts) } : present);
}

describe("appliers", () => {
  test("who applies nothing any more leaves what the others applied", () => {
    fc.assert(
      fc.property(specs, specs, (ours, theirs) => {
        const alone = forced(undefined, "us", ours);
        const both = apply(alone, "them", theirs);
        fc.pre(both.kind === "applied");
        if (both.kind !== "applied") return;
        expect(contentOf(forced(both.object, "them", {}))).toBe(contentOf(alone));
      }),
    );
  });

  test("who do not conflict may come in any order", () => {
    fc.assert(
      fc.property(specs, specs, (ours, theirs) => {
        const one = apply(forced(undefined, "us", ours), "them", theirs);
        const other = apply(forced(undefined, "them", theirs), "us", ours);
        expect(one.kind).toBe(other.kind);
        if (one.kind !== "applied" || other.kind !== "applied") return;
        expect(contentOf(one.object)).toBe(contentOf(other.object));
      }),
    );
  });

  test("conflict only about fields that both name with different values", () => {
    fc.assert(
      fc.property(specs, (ours) => {
        expect(apply(forced(undefined, "us", ours), "them", ours).kind).toBe("applied");
      }),
    );
  });

  test("get all that they ask for when they force it", () => {
    fc.assert(
      fc.property(specs, specs, (ours, theirs) => {
        const { spec } = JSON.parse(canonicalJson(forced(forced(undefined, "us", ours), "them", theirs)));
        const wanted = JSON.parse(canonicalJson(theirs));
        if (wanted.size !== undefined) expect(spec.size).toBe(wanted.size);
        expect(spec.map ?? {}).toMatchObject(wanted.map ?? {});
        expect(spec.parts ?? []).toEqual(expect.arrayContaining(wanted.parts ?? []));
      }),
    );
  });

  test("own every field of the object together, and none that is not there", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, specs), { minLength: 1, maxLength: 4 }), (applies) => {
        const live = applies.reduce<JsonObject | undefined>(
          (before, [manager, spec]) => forced(before, manager, spec),
          undefined,
        );
        const owned = [...(readManagers(live ?? {}) ?? new Map()).values()].reduce(
          (all, entry) => unionOf(all, entry.fields),
          emptyFieldSet,
        );
        const spec = Object(live?.["spec"] ?? {});
        const names = pathsOf(owned).map((path) => path[1]?.slice(2));
        const owners = Object.keys(spec).filter((key) => canonicalJson(spec[key]) !== "[]"); // an empty list is nobody's
        for (const key of owners) expect(names).toContain(key);
      }),
    );
  });
});

describe("updaters", () => {
  const update = (before: JsonObject | undefined, after: JsonObject, manager: string): JsonObject =>
    recordUpdate({ before, after, manager, subresource: "", schema, time });

  test("who change nothing own nothing more", () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const created = update(undefined, object(spec), "maker");
        expect(update(created, created, "other")).toEqual(created);
      }),
    );
  });

  test("leave the object as they wrote it", () => {
    fc.assert(
      fc.property(specs, specs, (before, after) => {
        const created = update(undefined, object(before), "maker");
        const { managedFields } = metadataOf(created);
        const sent = { ...object(after), metadata: { name: "x", managedFields: managedFields ?? [] } };
        expect(jsonEqual(withoutManagers(update(created, sent, "other")), object(after))).toBe(true);
      }),
    );
  });

  test("who drop a field take it from everyone", () => {
    const created = forced(undefined, "applier", { size: "a", map: { k: "v" } });
    const after = { ...created, spec: { size: "a" } };
    const managers = readManagers(update(created, after, "dropper"));
    const owners = [...(managers ?? new Map()).values()].map(({ manager, fields }) => [
      manager,
      pathsOf(fields).map((path) => path.join()),
    ]);
    expect(owners).toEqual([["applier", ["f:spec,f:size"]]]);
  });
});
