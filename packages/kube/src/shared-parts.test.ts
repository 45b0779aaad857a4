import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareEqualParts } from "./shared-parts.ts";

const copyOf = <T>(value: T): T => structuredClone(value);

const agent = {
  metadata: { name: "a", labels: { tenant: "acme" }, resourceVersion: "1" },
  spec: { capabilities: [{ name: "bill", examples: ["pay my bill"] }, { name: "move" }] },
};

describe("an object and the one before", () => {
  it("have in common what is equal", () => {
    const after = copyOf(agent);
    after.metadata.resourceVersion = "2";
    shareEqualParts(after, agent);
    expect(after.spec).toBe(agent.spec);
    expect(after.metadata.labels).toBe(agent.metadata.labels);
    expect(after.metadata).not.toBe(agent.metadata);
    expect(after.metadata.resourceVersion).toBe("2");
  });

  it("have other parts than the changed one in common within it", () => {
    const after = copyOf(agent);
    after.spec.capabilities[1] = { name: "moved" };
    shareEqualParts(after, agent);
    expect(after.spec.capabilities[0]).toBe(agent.spec.capabilities[0]);
    expect(after.spec.capabilities[1]).toEqual({ name: "moved" });
    expect(agent.spec.capabilities[1]).toEqual({ name: "move" });
  });

  it.each([
    { name: "a member more", before: { part: { a: [1] } }, after: { part: { a: [1], b: 2 } } },
    { name: "a member less", before: { part: { a: [1], b: 2 } }, after: { part: { a: [1] } } },
    { name: "an item more", before: { part: [[1]] }, after: { part: [[1], [2]] } },
    { name: "an item less", before: { part: [[1], [2]] }, after: { part: [[1]] } },
    { name: "a list for an object", before: { part: {} }, after: { part: [] } },
    { name: "an object for a list", before: { part: [] }, after: { part: {} } },
    { name: "null for a list", before: { part: [] }, after: { part: null } },
    { name: "undefined for nothing", before: { part: {} }, after: { part: { a: undefined } } },
  ])("differ by $name", ({ before, after }) => {
    const object = copyOf(after);
    shareEqualParts(object, before);
    expect(object).toStrictEqual(after);
    expect(object.part).not.toBe(before.part);
  });
});

it("lets the items of a list have in common what is equal", () => {
  const wires = (version: string) => [
    { agent: "a", host: ["a.svc"] },
    { agent: "b", version },
  ];
  const status = { revisions: [{ wires: wires("1.1") }, { wires: wires("1.0") }] };
  const expected = copyOf(status);
  shareEqualParts(status, undefined);
  expect(status).toEqual(expected);
  const [newer, older] = status.revisions;
  expect(older?.wires[0]).toBe(newer?.wires[0]);
  expect(older?.wires[1]).not.toBe(newer?.wires[1]);
});

it("leaves frozen parts alone", () => {
  const part = Object.freeze({ a: Object.freeze([Object.freeze({ b: 1 })]) });
  const object = { part };
  const before = { part: { a: [{ b: 1 }] }, other: 1 };
  shareEqualParts(object, before);
  expect(object.part).toBe(before.part);
  const other = { part: Object.freeze({ a: [{ b: 1 }], c: 2 }) };
  shareEqualParts(other, before);
  expect(other).toEqual({ part: { a: [{ b: 1 }], c: 2 } });
});

it("takes a member __proto__ for a member", () => {
  const read = (text: string): { labels: Record<string, unknown> } => JSON.parse(text);
  const text = '{"labels":{"__proto__":{"x":1},"a":"b"}}';
  const object = read(text);
  shareEqualParts(object, read(text));
  expect(JSON.stringify(object)).toBe(text);
  expect(Object.getPrototypeOf(object.labels)).toBe(Object.prototype);
});

it("never changes what an object says, nor what the one before says", () => {
  const parts = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, 1, "a", "b", null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(parts, parts, (after, before) => {
      const texts = [JSON.stringify(after), JSON.stringify(before)];
      const object = { after };
      shareEqualParts(object, { after: before });
      expect(JSON.stringify(object.after)).toBe(texts[0]);
      expect(JSON.stringify(before)).toBe(texts[1]);
    }),
  );
});
