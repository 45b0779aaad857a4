/** What `applyIfChanged` decides, against a small model of what the server does with an apply. */
import { isRecord, jsonEqual } from "@lmos/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attachAppliedFields, attachManagedFields, type FieldSet } from "./applied-fields.ts";
import { wouldChange } from "./apply.ts";
import type { KubeObject } from "./object.ts";

const me = { fieldManager: "me" };

/** A value of maps and scalars. */
interface Tree {
  readonly [name: string]: string | number | boolean | Tree;
}

const scalar = fc.oneof(fc.string({ maxLength: 3 }), fc.nat(3), fc.boolean());
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.dictionary(
    fc.constantFrom("a", "b", "c", "d"),
    fc.oneof(
      { depthSize: "small" },
      scalar,
      tie("tree").filter((each) => Object.keys(each).length > 0),
    ),
    { minKeys: 1, maxKeys: 4 },
  ),
}));

function object(spec: Tree): KubeObject & { readonly spec: Tree } {
  return { apiVersion: "things.test/v1", kind: "Widget", metadata: { name: "a" }, spec };
}

/** The fields of a tree as the server writes them down. */
function fieldsOf(value: Tree): FieldSet {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [`f:${name}`, isRecord(member) ? fieldsOf(member) : {}]),
  );
}

/** `over` put over `under`: what others wrote stays where we wrote nothing. */
function merged(under: Tree, over: Tree): Tree {
  const members = Object.entries(over).map(([name, member]) => {
    const below = under[name];
    return [name, isRecord(member) ? merged(isRecord(below) ? below : {}, member) : member];
  });
  return { ...under, ...Object.fromEntries(members) };
}

/** The live object after we applied `mine` to what others have made of it. */
function applied(mine: Tree, others: Tree): KubeObject {
  const live = object(merged(others, mine));
  attachAppliedFields(live, [{ manager: "me", subresource: "", fields: { "f:spec": fieldsOf(mine) } }]);
  return live;
}

/** Paths to the scalars of a tree. */
function leavesOf(value: Tree, path: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(value).flatMap(([name, member]) =>
    isRecord(member) ? leavesOf(member, [...path, name]) : [[...path, name]],
  );
}

/** The tree with what `change` makes of the scalar at that path; undefined takes it out, and with it what is then empty. */
function changed(
  value: Tree,
  [name = "", ...below]: readonly string[],
  change: (leaf: Tree[string]) => Tree[string] | undefined,
): Tree {
  const member = value[name] ?? {};
  const after = below.length > 0 && isRecord(member) ? changed(member, below, change) : change(member);
  const { [name]: _gone, ...rest } = value;
  const isEmpty = after === undefined || (isRecord(after) && Object.keys(after).length === 0);
  return isEmpty ? rest : { ...rest, [name]: after };
}

const chosen = fc.nat().chain((at) => fc.record({ mine: tree, others: tree, at: fc.constant(at) }));

describe("whether an apply would change anything", () => {
  it("is no once it was applied, whatever others have", () =>
    fc.assert(
      fc.property(tree, tree, (mine, others) => {
        expect(wouldChange(applied(mine, others), object(mine), me)).toBe(false);
      }),
    ));

  it("is yes when one of our values differs", () =>
    fc.assert(
      fc.property(chosen, ({ mine, others, at }) => {
        const leaves = leavesOf(mine);
        const path = leaves[at % leaves.length] ?? [];
        const desired = changed(mine, path, (leaf) => `not ${String(leaf)}`);
        expect(wouldChange(applied(mine, others), object(desired), me)).toBe(true);
      }),
    ));

  it("is yes when we no longer want one of our fields", () =>
    fc.assert(
      fc.property(chosen, ({ mine, others, at }) => {
        const leaves = leavesOf(mine);
        fc.pre(leaves.length > 1);
        const desired = changed(mine, leaves[at % leaves.length] ?? [], () => undefined);
        expect(wouldChange(applied(mine, others), object(desired), me)).toBe(true);
      }),
    ));

  it("is yes when somebody else has changed or removed one of our values", () =>
    fc.assert(
      fc.property(chosen, fc.boolean(), ({ mine, others, at }, removes) => {
        const leaves = leavesOf(mine);
        const path = leaves[at % leaves.length] ?? [];
        const meddled = changed(mine, path, (leaf) => (removes ? undefined : `not ${String(leaf)}`));
        const live = object(removes ? meddled : merged(others, meddled));
        attachAppliedFields(live, [{ manager: "me", subresource: "", fields: { "f:spec": fieldsOf(mine) } }]);
        expect(wouldChange(live, object(mine), me)).toBe(true);
      }),
    ));

  it("does not depend on what others change in fields of their own", () =>
    fc.assert(
      fc.property(tree, tree, tree, (mine, before, after) => {
        for (const others of [before, after]) {
          expect(wouldChange(applied(mine, others), object(mine), me)).toBe(false);
        }
      }),
    ));

  it("is told by values alone where nothing is known of owners", () =>
    fc.assert(
      fc.property(tree, tree, (mine, live) => {
        const holds = jsonEqual(merged(live, mine), live);
        expect(wouldChange(object(live), object(mine), me)).toBe(!holds);
      }),
    ));
});

/** Ways to say in managed fields that "me" applied spec.a, and ways that do not say it. */
const entries: readonly { readonly name: string; readonly entry: object; readonly ours: boolean }[] = [
  {
    name: "our apply",
    entry: { manager: "me", operation: "Apply", fieldsV1: { "f:spec": { "f:a": {} } } },
    ours: true,
  },
  {
    name: "our update",
    entry: { manager: "me", operation: "Update", fieldsV1: { "f:spec": { "f:a": {} } } },
    ours: false,
  },
  {
    name: "our apply of the status",
    entry: {
      manager: "me",
      operation: "Apply",
      subresource: "status",
      fieldsV1: { "f:spec": { "f:a": {} } },
    },
    ours: false,
  },
  {
    name: "another's apply",
    entry: { manager: "you", operation: "Apply", fieldsV1: { "f:spec": { "f:a": {} } } },
    ours: false,
  },
];

describe("managed fields", () => {
  it.each(entries)("with $name: ours is $ours", ({ entry, ours }) => {
    const live = object({ a: 1 });
    attachManagedFields(live, [entry]);
    expect(wouldChange(live, object({ a: 1 }), me)).toBe(!ours);
  });

  it("of an object that can't be extended are not known", () => {
    const live = Object.freeze(object({ a: 1 }));
    attachManagedFields(live, []);
    expect(wouldChange(live, object({ a: 1 }), me)).toBe(false);
  });

  it("are not copied with the object, which then compares by value", () => {
    const live = object({ a: 1 });
    attachManagedFields(live, []);
    expect(wouldChange(live, object({ a: 1 }), me)).toBe(true);
    expect(wouldChange({ ...live }, object({ a: 1 }), me)).toBe(false);
  });
});
