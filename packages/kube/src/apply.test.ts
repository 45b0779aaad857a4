import { describe, expect, it } from "vitest";
import { attachAppliedFields, type FieldSet } from "./applied-fields.ts";
import { applyIfChanged, wouldChange } from "./apply.ts";
import type { KubeObject } from "./object.ts";
import { widget, widgets } from "./testing/widget.ts";

const me = { fieldManager: "me" };

function object(rest: object): KubeObject {
  return { apiVersion: "things.test/v1", kind: "Widget", metadata: { name: "a" }, ...rest };
}

/** A live object of which `me` owns these fields. */
function owned(rest: object, fields: FieldSet, subresource = ""): KubeObject {
  const live = object(rest);
  attachAppliedFields(live, [{ manager: "me", subresource, fields }]);
  return live;
}

/** A live object of a server that keeps managed fields, of which nobody has applied any. */
function ownedByNobody(rest: object): KubeObject {
  const live = object(rest);
  attachAppliedFields(live, []);
  return live;
}

const item = (name: string, rest: object = {}): object => ({ name, ...rest });
const keyed = (name: string): string => `k:${JSON.stringify({ name })}`;
const leaf: FieldSet = {};

interface Case {
  readonly name: string;
  readonly live: KubeObject;
  readonly desired: KubeObject;
  readonly changes: boolean;
}

const cases: readonly Case[] = [
  {
    name: "fields of others and of the server are no business of ours",
    live: owned({ spec: { a: 1, b: 2 }, status: { c: 3 } }, { "f:spec": { "f:a": leaf } }),
    desired: object({ spec: { a: 1 } }),
    changes: false,
  },
  {
    name: "another value is a change",
    live: owned({ spec: { a: 1 } }, { "f:spec": { "f:a": leaf } }),
    desired: object({ spec: { a: 2 } }),
    changes: true,
  },
  {
    name: "a missing value is a change",
    live: owned({ spec: { a: 1 } }, { "f:spec": { "f:a": leaf } }),
    desired: object({ spec: { a: 1, b: 2 } }),
    changes: true,
  },
  {
    name: "a field that we own and no longer want is a change",
    live: owned({ spec: { a: 1, b: 2 } }, { "f:spec": { "f:a": leaf, "f:b": leaf } }),
    desired: object({ spec: { a: 1 } }),
    changes: true,
  },
  {
    name: "a whole branch that we own and no longer want is a change",
    live: owned({ spec: { a: 1 } }, { "f:metadata": { "f:labels": { "f:x": leaf } } }),
    desired: object({ spec: { a: 1 } }),
    changes: true,
  },
  {
    name: "undefined and null are no wish",
    live: owned({ spec: { a: 1 } }, { "f:spec": { "f:a": leaf } }),
    desired: object({ spec: { a: 1, b: undefined, c: null } }),
    changes: false,
  },
  {
    name: "in a list that the server replaces as a whole, a member more in an item is a change",
    live: owned({ spec: { list: [{ x: 1, y: 2 }] } }, { "f:spec": { "f:list": leaf } }),
    desired: object({ spec: { list: [{ x: 1 }] } }),
    changes: true,
  },
  {
    name: "in a list that the server merges, items of others and their order do not matter",
    live: owned(
      { spec: { list: [item("theirs"), item("b", { server: 1 }), item("a")] } },
      {
        "f:spec": {
          "f:list": { [keyed("a")]: { ".": leaf, "f:name": leaf }, [keyed("b")]: { "f:name": leaf } },
        },
      },
    ),
    desired: object({ spec: { list: [item("a"), item("b")] } }),
    changes: false,
  },
  {
    name: "in a list that the server merges, an item that we no longer want is a change",
    live: owned(
      { spec: { list: [item("a"), item("b")] } },
      { "f:spec": { "f:list": { [keyed("a")]: { "f:name": leaf }, [keyed("b")]: { "f:name": leaf } } } },
    ),
    desired: object({ spec: { list: [item("a")] } }),
    changes: true,
  },
  {
    name: "in a list that the server merges, another item is a change",
    live: owned(
      { spec: { list: [item("a"), item("b")] } },
      { "f:spec": { "f:list": { [keyed("a")]: { "f:name": leaf } } } },
    ),
    desired: object({ spec: { list: [item("b")] } }),
    changes: true,
  },
  {
    name: "an item that someone else removed is a change",
    live: owned({ spec: { list: [] } }, { "f:spec": { "f:list": { [keyed("a")]: { "f:name": leaf } } } }),
    desired: object({ spec: { list: [item("a")] } }),
    changes: true,
  },
  {
    name: "a key of a list item may be left to the server's default",
    live: owned(
      { spec: { ports: [{ port: 80, protocol: "TCP" }] } },
      { "f:spec": { "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { "f:port": leaf } } } },
    ),
    desired: object({ spec: { ports: [{ port: 80 }] } }),
    changes: false,
  },
  {
    name: "a set holds our members beside those of others",
    live: owned({ spec: { set: ["x", "y"] } }, { "f:spec": { "f:set": { 'v:"y"': leaf } } }),
    desired: object({ spec: { set: ["y"] } }),
    changes: false,
  },
  {
    name: "a first apply makes fields ours that already have that value",
    live: ownedByNobody({ spec: { a: 1 } }),
    desired: object({ spec: { a: 1 } }),
    changes: true,
  },
  {
    name: "an object without a field of its own needs no owner",
    live: owned({ spec: { a: 1 } }, {}, "status"),
    desired: object({}),
    changes: false,
  },
  {
    name: "where nothing is known of owners, values decide",
    live: object({ spec: { a: 1, list: [1, 2] } }),
    desired: object({ spec: { list: [1, 2] } }),
    changes: false,
  },
  {
    name: "where nothing is known of owners, lists are compared as a whole",
    live: object({ spec: { list: [1, 2] } }),
    desired: object({ spec: { list: [1] } }),
    changes: true,
  },
];

describe("wouldChange", () => {
  it.each(cases)("$name", ({ live, desired, changes }) => {
    expect(wouldChange(live, desired, me)).toBe(changes);
  });

  it("looks at what we own of the subresource that is applied", () => {
    const live = owned({ status: { ready: true } }, { "f:status": { "f:ready": leaf } }, "status");
    const desired = object({ status: { ready: true } });
    expect(wouldChange(live, desired, { ...me, subresource: "status" })).toBe(false);
    expect(wouldChange(live, desired, me)).toBe(true);
    expect(wouldChange(live, desired, { fieldManager: "other", subresource: "status" })).toBe(true);
  });
});

describe("applyIfChanged", () => {
  const { signal } = new AbortController();

  it("sends a request only where there is a change", async () => {
    const applied: unknown[] = [];
    const client = {
      apply: (_type: unknown, desired: KubeObject): Promise<never> => {
        applied.push(desired);
        return Promise.reject(new Error("as the server says"));
      },
    };
    const live = widget("a", 1);
    const options = { ...me, signal };
    expect(await applyIfChanged(client, widgets, live, live, options)).toBe("unchanged");
    expect(applied).toEqual([]);
    const desired = widget("a", 1, { colour: "blue" });
    await expect(applyIfChanged(client, widgets, live, desired, options)).rejects.toThrow(
      "as the server says",
    );
    await expect(applyIfChanged(client, widgets, undefined, live, options)).rejects.toThrow();
    expect(applied).toEqual([desired, live]);
  });
});
