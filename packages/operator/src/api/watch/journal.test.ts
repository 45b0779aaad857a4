import { createObjectStore, type KubeObject, type MutableStore } from "@lmos/kube";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createJournal, type Journal } from "./journal.ts";

let store: MutableStore<KubeObject>;
let journal: Journal<KubeObject>;

function object(name: string, resourceVersion: number): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, namespace: "home", resourceVersion: String(resourceVersion) },
  };
}

const key = (name: string) => ({ namespace: "home", name });

/** `+a@5` for what is there at a version, `-a` for what is gone. */
function seen(position: string): readonly string[] | undefined {
  return journal
    .since(position)
    ?.map(({ before, after }) =>
      after === undefined
        ? `-${before?.metadata.name}`
        : `+${after.metadata.name}@${after.metadata.resourceVersion}`,
    );
}

beforeEach(async () => {
  store = createObjectStore();
  journal = createJournal(store);
  store.replaceAll([object("a", 5), object("b", 3)]);
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
});

describe("a journal", () => {
  it("stands at the newest version, and knows nothing from before the first list", () => {
    expect(journal.position).toBe("5");
    expect([seen("4"), seen("5")]).toEqual([undefined, []]);
  });

  it("knows nothing before the first list", () => {
    journal = createJournal(createObjectStore());
    expect(seen("0")).toBeUndefined();
  });

  it("begins where a store is that has synced already", () => {
    journal = createJournal(store);
    expect([journal.position, seen("5")]).toEqual(["5", []]);
  });

  it("gives what came since, and what came at the very position once more", () => {
    store.put(object("a", 7));
    store.put(object("c", 9));
    expect([seen("5"), seen("7"), seen("9"), seen("10")]).toEqual([
      ["+a@7", "+c@9"],
      ["+a@7", "+c@9"],
      ["+c@9"],
      [],
    ]);
  });

  it("tells of deletions whatever the position, as they have none of their own", () => {
    store.put(object("a", 7));
    store.remove(key("b"));
    store.put(object("a", 12));
    expect(seen("12")).toEqual(["-b", "+a@12"]);
  });

  it("does not tell of a deletion of what is there again", () => {
    store.remove(key("b"));
    store.put(object("b", 8));
    expect(seen("9")).toEqual([]);
    expect(seen("5")).toEqual(["-b", "+b@8"]); // in order, so that it ends with what there is
  });

  it("tells of what a list anew finds gone", () => {
    store.put(object("a", 7));
    store.replaceAll([object("a", 20)]);
    expect(seen("15")).toEqual(["-b", "+a@20"]);
  });

  it.each(["", "x", "-1", "5.0", "9".repeat(21)])("knows no position %s", (position) => {
    expect(seen(position)).toBeUndefined();
  });

  it("forgets the oldest, and says so", () => {
    journal = createJournal(store, 3);
    for (let version = 10; version < 16; version++) store.put(object("a", version));
    expect([seen("11"), seen("12"), seen("13")]).toEqual([undefined, undefined, ["+a@13", "+a@14", "+a@15"]]);
  });

  it.each([1, 8, 100])("holds on to little more than %i changes, however many there are", (most) => {
    journal = createJournal(store, most);
    for (let version = 10; version < 1_000; version++) store.put(object("a", version));
    const held = Array.from({ length: 1_000 }, (_, version) => seen(String(version))?.length ?? 0);
    const mostHeld = Math.max(...held);
    expect(mostHeld).toBeGreaterThanOrEqual(Math.min(most, 1));
    expect(mostHeld).toBeLessThanOrEqual(most + Math.ceil(most / 8));
  });

  it("calls listeners with each change until they leave", () => {
    const positions: string[] = [];
    const leave = journal.subscribe(({ position }) => positions.push(position));
    store.put(object("c", 8));
    store.remove(key("c"));
    leave();
    store.put(object("c", 9));
    expect(positions).toEqual(["8", "8"]);
  });

  it("follows nothing any more when it is disposed", () => {
    journal[Symbol.dispose]();
    store.put(object("c", 8));
    expect([journal.position, seen("5")]).toEqual(["5", []]);
  });
});

it("whoever comes back at any time ends with what there is", () => {
  const step = fc.record({ name: fc.constantFrom("a", "b", "c", "d"), put: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, leaveAfter) => {
      const things = createObjectStore<KubeObject>();
      things.replaceAll([object("a", 1)]);
      using following = createJournal(things);
      let version = 1;
      const known = new Map<string, string | undefined>([["a", "1"]]);
      let position = "1";
      steps.forEach(({ name, put }, index) => {
        version += 1;
        if (put) things.put(object(name, version));
        else things.remove(key(name));
        if (index >= leaveAfter) return;
        const thing = things.get(key(name));
        if (thing === undefined) known.delete(name);
        else known.set(name, thing.metadata.resourceVersion);
        position = following.position;
      });
      for (const { before, after } of following.since(position) ?? []) {
        if (after !== undefined) known.set(after.metadata.name, after.metadata.resourceVersion);
        else if (before !== undefined) known.delete(before.metadata.name);
      }
      const there = things.list().map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
      expect([...known].sort()).toEqual(there.sort());
    }),
  );
});
