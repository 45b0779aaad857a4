import { describe, expect, it } from "vitest";
import { keyOf, keyText } from "./object.ts";
import { createObjectStore } from "./object-store.ts";
import { fromStore } from "./source.ts";
import { type Widget, widget } from "./testing/widget.ts";

const at = (generation: number, version: number, more: object = {}): Widget => {
  const { metadata, ...rest } = widget("a", version);
  return { ...rest, metadata: { ...metadata, generation, ...more } };
};

const changes: readonly { readonly name: string; readonly to: Widget | undefined; readonly hint: string }[] =
  [
    { name: "a new specification is an edit", to: at(2, 2), hint: "home/a edit" },
    { name: "a new status is none", to: at(1, 2), hint: "home/a dependant" },
    {
      name: "a request for deletion is one",
      to: at(1, 2, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      hint: "home/a edit",
    },
    { name: "a deletion is one", to: undefined, hint: "home/a edit gone" },
    { name: "any change of a kind without generations is one", to: widget("a", 2), hint: "home/a edit" },
  ];

describe("fromStore", () => {
  it.each(changes)("knows how urgent a change is: $name", ({ to, hint }) => {
    const store = createObjectStore<Widget>();
    store.replaceAll([at(1, 1)]);
    const heard: string[] = [];
    const stop = fromStore(store, (object) => [keyOf(object), { name: "other" }]).start((key, given) =>
      heard.push([keyText(key), given?.lane, given?.gone === true ? "gone" : ""].join(" ").trim()),
    );
    if (to === undefined) store.remove(keyOf(widget("a", 1)));
    else store.put(to);
    stop();
    store.put(widget("b", 3));
    expect(heard).toEqual(["home/a resync", "other resync", hint, "other dependant"]);
  });

  it("names all keys of what is there, each once", () => {
    const store = createObjectStore<Widget>();
    store.replaceAll([widget("a", 1), widget("b", 1)]);
    const source = fromStore(store, (object) => [keyOf(object), { name: "shared" }]);
    expect(source.keys?.().map(keyText)).toEqual(["home/a", "shared", "home/b"]);
  });

  it("names nobody for a change that is taken for none, but for objects that come and go", () => {
    const store = createObjectStore<Widget>();
    store.replaceAll([widget("a", 1)]);
    const heard: string[] = [];
    const sameColour = (before: Widget, after: Widget): boolean => before.spec?.colour === after.spec?.colour;
    fromStore(store, (object) => [keyOf(object)], sameColour).start((key) => void heard.push(key.name));
    store.put(widget("a", 2));
    expect(heard).toEqual(["a"]);
    store.put(widget("a", 3, { colour: "blue" }));
    store.put(widget("b", 4));
    store.remove(keyOf(widget("b", 4)));
    expect(heard).toEqual(["a", "a", "b", "b"]);
  });
});
