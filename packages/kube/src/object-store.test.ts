import { describe, expect, it } from "vitest";
import { type KubeObject, keyOf } from "./object.ts";
import { createObjectStore, type MutableStore } from "./object-store.ts";
import type { Change } from "./store.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";
import { type Widget, widget } from "./testing/widget.ts";

const indexes = {
  colour: ({ spec }: Widget): readonly string[] => (spec?.colour === undefined ? [] : [spec.colour]),
  letters: ({ metadata }: Widget): readonly string[] => [...metadata.name],
};

function namesOf(objects: readonly KubeObject[]): readonly string[] {
  return objects.map((object) => object.metadata.name).sort();
}

function record(store: MutableStore<Widget>): Change<Widget>[] {
  const changes: Change<Widget>[] = [];
  store.subscribe((change) => changes.push(change));
  return changes;
}

describe("an object store", () => {
  it("finds objects by key, in the list and by index", () => {
    const store = createObjectStore({ indexes });
    store.replaceAll([widget("ab", 1), widget("bc", 1, { colour: "blue" })]);
    expect(store.get({ namespace: "home", name: "ab" })).toEqual(widget("ab", 1));
    expect(store.get({ name: "ab" })).toBeUndefined();
    expect(namesOf(store.list())).toEqual(["ab", "bc"]);
    expect(namesOf(store.byIndex("colour", "blue"))).toEqual(["bc"]);
    expect(namesOf(store.byIndex("letters", "b"))).toEqual(["ab", "bc"]);
    expect(store.byIndex("colour", "green")).toEqual([]);
    expect(() => store.byIndex("no such index", "blue")).toThrow('no index "no such index"');
  });

  it("files an object anew when it changes, and takes it out when it goes", () => {
    const store = createObjectStore({ indexes });
    store.put(widget("a", 1));
    store.put(widget("a", 2, { colour: "blue" }));
    expect(store.byIndex("colour", "red")).toEqual([]);
    expect(namesOf(store.byIndex("colour", "blue"))).toEqual(["a"]);
    store.remove(keyOf(widget("a", 2)));
    expect(store.byIndex("colour", "blue")).toEqual([]);
    expect(store.list()).toEqual([]);
  });

  it("tells nothing of the same version of the same object, and keeps the object it has", () => {
    const store = createObjectStore<Widget>();
    const first = widget("a", 1);
    store.put(first);
    const changes = record(store);
    store.put(widget("a", 1));
    store.replaceAll([widget("a", 1)]);
    expect(changes).toEqual([]);
    expect(store.get(keyOf(first))).toBe(first);
  });

  it("tells a deletion and an addition when the uid differs, even at the same version", () => {
    const store = createObjectStore<Widget>();
    const [old, fresh] = [widget("a", 1, { uid: "old" }), widget("a", 1, { uid: "new" })];
    store.put(old);
    const changes = record(store);
    store.put(fresh);
    expect(changes).toEqual([
      { before: old, after: undefined },
      { before: undefined, after: fresh },
    ]);
  });

  it("shows the whole new list before it tells of the first change", () => {
    const store = createObjectStore<Widget>();
    store.replaceAll([widget("a", 1), widget("b", 1)]);
    const seen: (readonly string[])[] = [];
    store.subscribe(() => seen.push(namesOf(store.list())));
    store.replaceAll([widget("b", 2), widget("c", 2)]);
    expect(seen).toEqual([
      ["b", "c"],
      ["b", "c"],
      ["b", "c"],
    ]);
  });

  it("is synced from the first list on, also an empty one", async () => {
    const store = createObjectStore<Widget>();
    const { signal } = new AbortController();
    const synced = store.whenSynced({ signal });
    expect(store.synced).toBe(false);
    store.replaceAll([]);
    await synced;
    expect(store.synced).toBe(true);
  });

  it("no longer waits for the first list when aborted", async () => {
    const stop = new AbortController();
    const waiting = createObjectStore<Widget>().whenSynced({ signal: stop.signal });
    stop.abort("enough");
    await expect(waiting).rejects.toBe("enough");
  });

  it("goes on when a listener or an index function throws, and logs it", () => {
    const logger = new RecordingLogger();
    const oops = (): never => {
      throw new Error("oops");
    };
    const store = createObjectStore<Widget>({ indexes: { broken: oops, ...indexes }, logger });
    store.subscribe(oops);
    const changes = record(store);
    store.put(widget("a", 1));
    expect(changes).toHaveLength(1);
    expect(namesOf(store.byIndex("colour", "red"))).toEqual(["a"]);
    expect(logger.lines.map((line) => line.message)).toEqual([
      "index function failed",
      "store listener failed",
    ]);
  });

  it("tells a listener nothing more after it unsubscribed", () => {
    const store = createObjectStore<Widget>();
    const changes: unknown[] = [];
    const unsubscribe = store.subscribe((change) => changes.push(change));
    unsubscribe();
    store.put(widget("a", 1));
    expect(changes).toEqual([]);
  });
});
