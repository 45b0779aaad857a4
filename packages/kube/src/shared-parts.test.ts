import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareWithEarlier, shareWithOther } from "./shared-parts.ts";

const copyOf = <T>(value: T): T => structuredClone(value);

const agent = {
  metadata: { name: "a", labels: { tenant: "acme" }, resourceVersion: "1" },
  spec: { capabilities: [{ name: "bill", examples: ["pay my bill"] }, { name: "move" }] },
};

describe("an object and the one before", () => {
  it("have in common what is equal", () => {
    const after = copyOf(agent);
    after.metadata.resourceVersion = "2";
    shareWithEarlier(after, agent);
    expect(after.spec).toBe(agent.spec);
    expect(after.metadata.labels).toBe(agent.metadata.labels);
    expect(after.metadata).not.toBe(agent.metadata);
    expect(after.metadata.resourceVersion).toBe("2");
  });

  it("have other parts than the changed one in common within it", () => {
    const after = copyOf(agent);
    after.spec.capabilities[1] = { name: "moved" };
    shareWithEarlier(after, agent);
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
    shareWithEarlier(object, before);
    expect(object).toStrictEqual(after);
    expect(object.part).not.toBe(before.part);
  });
});

/** The object, which notes the names of its members as others take their place: whether two texts are one can't be seen. */
function noting<T extends object>(object: T): { readonly object: T; readonly taken: (string | symbol)[] } {
  const taken: (string | symbol)[] = [];
  const set: ProxyHandler<T>["set"] = (target, name, value) => {
    taken.push(name);
    return Reflect.set(target, name, value);
  };
  return { object: new Proxy(object, { set }), taken };
}

describe("a text", () => {
  const host = "order-agent.default.svc.cluster.local";
  it.each([
    { name: "of a member", after: { host, port: 1 }, other: { host, port: 2 }, expected: ["host"] },
    { name: "of another member", after: { host, port: 1 }, other: { name: host }, expected: [] },
    { name: "that differs", after: { host, port: 1 }, other: { host: "other" }, expected: [] },
    { name: "of an item", after: [host, "x"], other: [host], expected: ["0"] },
    { name: "of a neighbour", after: ["x", host, host], other: undefined, expected: ["2"] },
    { name: "of nothing", after: { host }, other: undefined, expected: [] },
  ])("$name is taken where it is equal, as it may be held twice", ({ after, other, expected }) => {
    const { object, taken } = noting(copyOf(after));
    shareWithOther(object, other);
    expect(taken).toEqual(expected);
    expect(object).toEqual(after);
  });
});

describe("an object and another one", () => {
  it("have texts, and lists and maps of texts, in common", () => {
    const other = copyOf(agent);
    shareWithOther(other, agent);
    expect(other).toEqual(agent);
    expect(other.metadata.labels).toBe(agent.metadata.labels);
    expect(other.spec.capabilities[0]?.examples).toBe(agent.spec.capabilities[0]?.examples);
  });

  it("have no item in common", () => {
    const other = copyOf(agent);
    shareWithOther(other, agent);
    expect(other.spec.capabilities).not.toBe(agent.spec.capabilities);
    expect(other.spec.capabilities[1]).not.toBe(agent.spec.capabilities[1]);
  });
});

it("leaves equal items of a list two", () => {
  const twice = {
    list: [{ name: "c" }, { name: "c" }, { name: "c", tags: ["x"] }, { name: "c", tags: ["x"] }],
  };
  const expected = copyOf(twice);
  shareWithOther(twice, undefined);
  expect(twice).toEqual(expected);
  expect(new Set(twice.list).size).toBe(4);
  expect(twice.list[3]?.tags).toBe(twice.list[2]?.tags);
  const later = { list: [...copyOf(expected).list, { name: "c" }] };
  shareWithEarlier(later, twice);
  expect(new Set(later.list).size).toBe(5);
  expect(later.list[0]).toBe(twice.list[0]);
});

it("leaves the parts of what is frozen alone", () => {
  const part = Object.freeze({ a: Object.freeze([Object.freeze({ b: [1] })]), c: 2 });
  const object = { part };
  shareWithEarlier(object, { part: { a: [{ b: [1] }], c: 3 } });
  expect(object.part).toBe(part);
  expect(object).toEqual({ part: { a: [{ b: [1] }], c: 2 } });
});

it("takes a member __proto__ for a member", () => {
  const read = (text: string): { labels: Record<string, unknown> } => JSON.parse(text);
  const text = '{"labels":{"__proto__":{"x":1},"a":"b"}}';
  const object = read(text);
  shareWithEarlier(object, read(text));
  expect(JSON.stringify(object)).toBe(text);
  expect(Object.getPrototypeOf(object.labels)).toBe(Object.prototype);
});

it.each([
  { name: "an earlier one", share: shareWithEarlier },
  { name: "another one", share: shareWithOther },
])("never changes what an object says, nor what $name says, nor which items are one", ({ share }) => {
  const parts = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, 1, "a", "b", null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "__proto__"), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 4 }), fc.array(parts, { maxLength: 4 }), (after, before) => {
      const texts = [JSON.stringify(after), JSON.stringify(before)];
      const object = { after };
      share(object, { after: before });
      expect(JSON.stringify(object.after)).toBe(texts[0]);
      expect(JSON.stringify(before)).toBe(texts[1]);
      const items = object.after.filter((item) => typeof item === "object" && item !== null);
      expect(new Set(items).size).toBe(items.length);
    }),
  );
});
