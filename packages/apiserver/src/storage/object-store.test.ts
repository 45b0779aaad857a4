import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ObjectStore } from "./object-store.ts";

const at = (name: string) => ({ resource: "things", namespace: "n", name });
const start = { namespace: "", name: "" };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lmos-store-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Name and value of every object in the state at a revision. */
function stateAt(store: ObjectStore, revision: number): Readonly<Record<string, unknown>> {
  const page = store.page({
    resource: "things",
    namespace: undefined,
    at: revision,
    after: start,
    limit: 100,
  });
  return Object.fromEntries(page.map((stored) => [stored.name, stored.value()["data"]]));
}

interface Write {
  readonly name: string;
  readonly data: number;
  readonly remove: boolean;
}

/** Makes the writes (but removals of nothing) and returns what each revision should look like. */
function performWrites(
  store: ObjectStore,
  writes: readonly Write[],
): readonly Readonly<Record<string, unknown>>[] {
  const states: Readonly<Record<string, unknown>>[] = [{}];
  for (const { name, data, remove } of writes) {
    const { [name]: current, ...others } = states.at(-1) ?? {};
    if (remove && current === undefined) continue;
    if (remove) store.remove(at(name), { data });
    else store.put(at(name), { data });
    states.push(remove ? others : { ...others, [name]: data });
  }
  return states;
}

describe("writes of one turn", () => {
  /** The values as they would be after a crash now. */
  function survivors(store: ObjectStore): readonly unknown[] {
    const copy = join(directory, "after-the-crash");
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    for (const file of ["objects.db", "objects.db-wal"])
      copyFileSync(join(directory, file), join(copy, file));
    using restored = new ObjectStore(copy);
    expect(store).not.toBe(restored);
    return Object.keys(stateAt(restored, restored.revision));
  }

  test("are read at once, and told and safe when they are flushed, in their order", async () => {
    using store = new ObjectStore(directory);
    const told: string[] = [];
    store.subscribe(({ type, object }) => void told.push(`${type} ${object.name}@${object.revision}`));
    const mark = store.mark();
    store.put(at("a"), { data: 1 });
    store.put(at("b"), { data: 2 });
    store.put(at("a"), { data: 3 });
    expect(store.get(at("a"))?.value()["data"]).toBe(3);
    expect(told).toEqual([]);
    expect(survivors(store)).toEqual([]);
    await store.whenFlushed(mark);
    expect(told).toEqual(["added a@1", "added b@2", "modified a@3"]);
    expect(survivors(store)).toEqual(["a", "b"]);
  });

  test.each([
    { name: "the revision", read: (store: ObjectStore) => store.revision },
    { name: "a page", read: (store: ObjectStore) => stateAt(store, 1) },
    { name: "the changes", read: (store: ObjectStore) => store.changes("things", 0, 10) },
    {
      name: "a count",
      read: (store: ObjectStore) =>
        store.countAfter({ resource: "things", namespace: undefined, at: 1, after: start }),
    },
    { name: "a compaction", read: (store: ObjectStore) => store.compact(1) },
  ])("are flushed before $name", ({ read }) => {
    using store = new ObjectStore(directory);
    store.put(at("a"), { data: 1 });
    read(store);
    expect(survivors(store)).toEqual(["a"]);
  });

  test("are flushed when the store is closed", () => {
    {
      using store = new ObjectStore(directory);
      store.put(at("a"), { data: 1 });
    }
    using store = new ObjectStore(directory);
    expect(stateAt(store, store.revision)).toEqual({ a: 1 });
  });

  test("do not suffer from one that is refused", async () => {
    using store = new ObjectStore(directory);
    const mark = store.mark();
    store.put(at("a"), { data: 1 });
    expect(() => store.put(at("b"), { data: "x".repeat(2_000_000) })).toThrow("too large");
    const nameless = at("c");
    Reflect.set(nameless, "name", null); // what only a fault could do
    expect(() => store.put(nameless, { data: 3 })).toThrow("NOT NULL");
    store.put(at("d"), { data: 4 });
    await store.whenFlushed(mark);
    expect(store.revision).toBe(2);
    expect(stateAt(store, 2)).toEqual({ a: 1, d: 4 });
  });

  test("wait for nothing where nothing was written", async () => {
    using store = new ObjectStore(directory);
    await store.whenFlushed(store.mark());
    store.flush();
    expect(store.revision).toBe(0);
  });
});

describe("the store", () => {
  test("shows every state that is not compacted as it was, and tells all changes since", () => {
    const write = fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      data: fc.nat(9),
      remove: fc.boolean(),
    });
    const writes = fc.array(write, { maxLength: 30 });
    const check = (made: readonly Write[], compactTo: number): void => {
      rmSync(directory, { recursive: true, force: true });
      using store = new ObjectStore(directory);
      const states = performWrites(store, made);
      store.compact(Math.min(compactTo, store.revision));
      const retained = [...states.keys()].filter((revision) => revision >= store.compacted);
      for (const revision of retained) expect(stateAt(store, revision)).toEqual(states[revision]);
      if (store.compacted > 0) expect(() => stateAt(store, store.compacted - 1)).toThrow("too old");
      const changes = store.changes("things", store.compacted, 100);
      expect(changes.map(({ object }) => object.revision)).toEqual(retained.slice(1));
    };
    fc.assert(fc.property(writes, fc.nat(30), check), { numRuns: 40 });
  });

  test("goes on counting after the last writes were deletions and are compacted", () => {
    {
      using store = new ObjectStore(directory);
      store.put(at("a"), {});
      store.remove(at("a"), {});
      store.compact(2);
    }
    using store = new ObjectStore(directory);
    expect([store.revision, store.compacted]).toEqual([2, 2]);
    expect(store.put(at("a"), {}).revision).toBe(3);
  });

  test("a change carries the state before it", () => {
    using store = new ObjectStore(directory);
    store.put(at("a"), { metadata: { labels: { x: "1" } } });
    store.put(at("a"), { metadata: { labels: { x: "2" } } });
    store.remove(at("a"), { metadata: { labels: { x: "2" } } });
    const summary = store
      .changes("things", 0, 10)
      .map(({ type, object, previous }) => [type, object.labels["x"], previous?.labels["x"]]);
    expect(summary).toEqual([
      ["added", "1", undefined],
      ["modified", "2", "1"],
      ["deleted", "2", "2"],
    ]);
  });

  test("knows what an owner owns until the object is gone or owned by another", () => {
    using store = new ObjectStore(directory);
    const owned = (uid: string) => ({ metadata: { ownerReferences: [{ uid }] } });
    store.put(at("a"), owned("u1"));
    store.put(at("b"), owned("u1"));
    expect(store.ownedBy("u1").map(({ name }) => name)).toEqual(["a", "b"]);
    store.put(at("a"), owned("u2"));
    store.remove(at("b"), owned("u1"));
    expect([store.ownedBy("u1"), store.ownedBy("u2")]).toEqual([[], [at("a")]]);
  });

  test("can be opened once at a time", () => {
    using _store = new ObjectStore(directory);
    expect(() => new ObjectStore(directory)).toThrow("is in use by process");
  });

  test("pages follow the order of namespace and name", () => {
    using store = new ObjectStore(directory);
    const all = ["b/x", "a/y", "a/x", "c/x"].map((key) => key.split("/"));
    for (const [namespace = "", name = ""] of all) store.put({ resource: "things", namespace, name }, {});
    const request = { resource: "things", namespace: undefined, at: store.revision, limit: 2 };
    const names = (after: typeof start) =>
      store.page({ ...request, after }).map((each) => `${each.namespace}/${each.name}`);
    expect(names(start)).toEqual(["a/x", "a/y"]);
    expect(names({ namespace: "a", name: "y" })).toEqual(["b/x", "c/x"]);
    expect(store.countAfter({ ...request, after: { namespace: "a", name: "x" } })).toBe(3);
  });
});
