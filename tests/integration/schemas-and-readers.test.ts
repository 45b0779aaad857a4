/**
 * The two readers of a custom resource: the API server by the CustomResourceDefinition, and our programs by the schema
 * that it is made of. What the one stores the other has to read, and nothing but that.
 */
import { isRecord, type JsonObject, type JsonValue } from "@lmos/primitives";
import { type CustomKind, customKinds, customResourceDefinition } from "@lmos/resources";
import { type StructuralSchema, validateSchema } from "@lmos/structural-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

type Custom = CustomKind<unknown>;

/** The schema that an API server checks objects of the kind with. */
function serverSchemaOf(kind: Custom): StructuralSchema {
  const { spec } = customResourceDefinition(kind);
  const versions: unknown = isRecord(spec) ? spec["versions"] : undefined;
  const [version]: readonly unknown[] = Array.isArray(versions) ? versions : [];
  const schema = isRecord(version) ? version["schema"] : undefined;
  const found = isRecord(schema) ? schema["openAPIV3Schema"] : undefined;
  if (!isRecord(found)) throw new Error(`${kind.kind} has no schema`);
  return found;
}

/** Characters that a program may count in different ways: two of UTF-16, several of UTF-8, and one alone. */
const characters = ["x", "ü", "😀"] as const;

/** Texts around the bounds of their schema. */
function texts({ enum: choices, pattern, format, minLength = 0, maxLength }: StructuralSchema) {
  if (choices !== undefined) return fc.constantFrom(...choices);
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern)).filter(isNoLongerThan(maxLength));
  if (format === "date-time") return fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5+01:00");
  const some = fc.string({ unit: "grapheme", minLength, maxLength: Math.max(minLength, 8) });
  if (maxLength === undefined) return some;
  const longest = fc.constantFrom(...characters).map((character) => character.repeat(maxLength));
  return fc.oneof({ weight: 9, arbitrary: some.filter(isNoLongerThan(maxLength)) }, longest);
}

const isNoLongerThan =
  (maxLength = Number.POSITIVE_INFINITY) =>
  (text: string): boolean =>
    [...text].length <= maxLength;

/** Values that the schema allows; a part of them, in `wrong` of a hundred places, is something else. */
function valuesOf(schema: StructuralSchema, wrong: number): fc.Arbitrary<JsonValue> {
  const right = rightValuesOf(schema, wrong);
  if (wrong === 0) return right;
  const anything: fc.Arbitrary<JsonValue> = fc.oneof(
    fc.constantFrom<JsonValue>("text", "", 7, -1, 0.5, 5000, true, {}, []),
    fc.constantFrom(...characters).map((character) => character.repeat((schema.maxLength ?? 1) + 1)),
  );
  return fc.oneof({ weight: 100 - wrong, arbitrary: right }, { weight: wrong, arbitrary: anything });
}

function rightValuesOf(schema: StructuralSchema, wrong: number): fc.Arbitrary<JsonValue> {
  switch (schema.type) {
    case "string":
      return texts(schema);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.integer();
    case "number":
      return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
    case "array":
      return listsOf(schema, wrong);
    default:
      return objectsOf(schema, wrong);
  }
}

/** Of a keyed list no two elements have the same keys. */
function listsOf(schema: StructuralSchema, wrong: number): fc.Arbitrary<JsonValue> {
  const maxLength = Math.min(schema.maxItems ?? 3, 3);
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const elements = valuesOf(schema.items ?? {}, wrong);
  if (keys.length === 0) return fc.array(elements, { maxLength });
  const selector = (one: JsonValue) => JSON.stringify(keys.map((key) => isRecord(one) && one[key]));
  return fc.uniqueArray(elements, { maxLength, selector });
}

function objectsOf(schema: StructuralSchema, wrong: number): fc.Arbitrary<JsonObject> {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (isRecord(additionalProperties)) {
    // Zod passes over a member `__proto__`, right or wrong: nobody has a use for such an attribute.
    const names = fc.constantFrom("region", "tier", "constructor");
    return fc.dictionary(names, valuesOf(additionalProperties, wrong), { noNullPrototype: true });
  }
  const members = Object.entries(properties).map(
    ([name, member]) => [name, valuesOf(member, wrong)] as const,
  );
  const requiredKeys = wrong === 0 ? [...required] : [];
  return fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
}

/** Objects of a kind with what it says of itself. */
function objectsOfKind(kind: Custom): fc.Arbitrary<JsonObject> {
  const { spec = {}, status } = serverSchemaOf(kind).properties ?? {};
  const statuses =
    status === undefined ? fc.constant(undefined) : fc.option(valuesOf(status, 0), { nil: undefined });
  return fc.tuple(valuesOf(spec, 0), statuses).map(([drawn, drawnStatus]) => ({
    ...objectOf(kind, drawn),
    ...(drawnStatus === undefined ? {} : { status: drawnStatus }),
  }));
}

function objectOf({ group, version, kind }: Custom, spec: JsonValue): JsonObject {
  return { apiVersion: `${group}/${version}`, kind, metadata: { name: "drawn" }, spec };
}

describe.each(customKinds.map((kind) => ({ name: kind.kind, kind })))("$name", ({ kind }) => {
  const schema = serverSchemaOf(kind);

  it("is read wherever a server stores it, and reads the same once more", () => {
    fc.assert(
      fc.property(objectsOfKind(kind), (object) => {
        expect(validateSchema(schema, object)).toEqual([]);
        const read = kind.parse(object);
        expect(kind.parse(read)).toEqual(read);
      }),
      { numRuns: 200 },
    );
  });

  it("is refused for a spec that a server refuses, and for no other", () => {
    const specs = valuesOf(schema.properties?.["spec"] ?? {}, 3);
    fc.assert(
      fc.property(specs, (spec) => {
        const object = objectOf(kind, spec);
        const faults = validateSchema(schema, object).map(({ detail }) => detail);
        const read = kind.schema.safeParse(object);
        expect({ isRead: read.success, faults }).toEqual({ isRead: faults.length === 0, faults });
      }),
      { numRuns: 300 },
    );
  });
});
