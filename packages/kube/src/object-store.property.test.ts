/** The store against a plain map: whatever is done to it, reads, indexes and announced changes agree. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOf, keyText } from "./object.ts";
import { createObjectStore } from "./object-store.ts";
import type { Change } from "./store.ts";
import { type Widget, widget } from "./testing/widget.ts";

const colours = ["red", "green", "blue"] as const;
const names = ["a", "b", "c", "d"] as const;

const object = fc
  .record({
    name: fc.constantFrom(...names),
    version: fc.integer({ min: 1, max: 6 }),
    uid: fc.constantFrom("one", "two"),
    colour: fc.constantFrom(...colours),
  })
  // The same version of the same object is the same object: as on a server.
  .map(({ name, version, uid, colour }) =>
    widget(name, version, { uid: `${uid}-${name}`, colour: colours[version % 3] ?? colour }),
  );

type Step =
  | { readonly kind: "put"; readonly object: Widget }
  | { readonly kind: "remove"; readonly name: string }
  | { readonly kind: "list"; readonly objects: readonly Widget[] };

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("put" as const), object }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant("remove" as const), name: fc.constantFrom(...names) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("list" as const),
        objects: fc.uniqueArray(object, { selector: ({ metadata }) => metadata.name, maxLength: 4 }),
      }),
    },
  ),
  { maxLength: 40 },
);

/** A store and the map that it is to agree with. */
class Pair {
  readonly store = createObjectStore<Widget>({
    indexes: {
      colour: ({ spec }) => (spec?.colour === undefined ? [] : [spec.colour]),
      /** Under several values, and sometimes none. */
      lettersAfterA: ({ metadata, spec }) => (spec?.colour === "red" ? [] : ["all", metadata.name]),
    },
  });
  readonly model = new Map<string, Widget>();
  /** What somebody knows who only listens. */
  readonly heard = new Map<string, Widget>();
  readonly changes: Change<Widget>[] = [];

  constructor() {
    this.store.subscribe((change) => this.#hear(change));
  }

  execute(step: Step): void {
    switch (step.kind) {
      case "put":
        this.store.put(step.object);
        this.model.set(textOf(step.object), step.object);
        return;
      case "remove":
        this.store.remove({ namespace: "home", name: step.name });
        this.model.delete(`home/${step.name}`);
        return;
      case "list":
        this.store.replaceAll(step.objects);
        this.model.clear();
        for (const each of step.objects) this.model.set(textOf(each), each);
        return;
      default:
        step satisfies never;
    }
  }

  #hear(change: Change<Widget>): void {
    const { before, after } = change;
    this.changes.push(change);
    const gone = before ?? after;
    if (after !== undefined) this.heard.set(textOf(after), after);
    else if (gone !== undefined) this.heard.delete(textOf(gone));
  }
}

describe("an object store, whatever is done to it", () => {
  it("reads as a map does", () =>
    fc.assert(
      fc.property(steps, (sequence) => {
        const pair = new Pair();
        for (const step of sequence) {
          pair.execute(step);
          expect(sorted(pair.store.list())).toEqual(sorted(pair.model.values()));
          for (const name of names) {
            const key = { namespace: "home", name };
            expect(pair.store.get(key)).toEqual(pair.model.get(keyText(key)));
          }
        }
      }),
    ));

  it("files every object under its values and no other", () =>
    fc.assert(
      fc.property(steps, (sequence) => {
        const { store, model } = run(sequence);
        const all = [...model.values()];
        for (const colour of colours) {
          const wanted = all.filter(({ spec }) => spec?.colour === colour);
          expect(sorted(store.byIndex("colour", colour))).toEqual(sorted(wanted));
        }
        const late = all.filter(({ spec }) => spec?.colour !== "red");
        expect(sorted(store.byIndex("lettersAfterA", "all"))).toEqual(sorted(late));
        expect(store.byIndex("lettersAfterA", "nobody")).toEqual([]);
      }),
    ));

  it("tells listeners enough to know all of it", () =>
    fc.assert(
      fc.property(steps, (sequence) => {
        const { heard, model } = run(sequence);
        expect(sorted(heard.values())).toEqual(sorted(model.values()));
      }),
    ));

  it("never tells a change that is none, and no change from one object to another", () =>
    fc.assert(
      fc.property(steps, (sequence) => {
        for (const { before, after } of run(sequence).changes) {
          expect(before ?? after).toBeDefined();
          if (before === undefined || after === undefined) continue;
          expect(before.metadata.uid).toBe(after.metadata.uid);
          expect(before.metadata.resourceVersion).not.toBe(after.metadata.resourceVersion);
        }
      }),
    ));
});

function run(sequence: readonly Step[]): Pair {
  const pair = new Pair();
  for (const step of sequence) pair.execute(step);
  return pair;
}

function sorted(objects: Iterable<Widget>): readonly string[] {
  return [...objects].map((each) => JSON.stringify(each)).sort();
}

function textOf(each: Widget): string {
  return keyText(keyOf(each));
}
