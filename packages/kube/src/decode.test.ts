import { describe, expect, it } from "vitest";
import { appliedFieldsOf } from "./applied-fields.ts";
import { decodeAnswer, decodeList, decodeObject } from "./decode.ts";
import { type Widget, widget, widgets } from "./testing/widget.ts";
import { decodeWatchEvent } from "./watch-events.ts";

function valid(raw: unknown): Widget {
  const decoded = decodeObject(widgets, raw);
  if (decoded.kind === "valid") return decoded.object;
  throw new Error(decoded.invalid.reason);
}

describe("an object", () => {
  it("is what came in", () => {
    expect(valid(widget("a", 5))).toEqual(widget("a", 5));
  });

  it("gets apiVersion and kind where the server leaves them out, as in lists of built-in kinds", () => {
    const { metadata, spec } = widget("a", 5);
    expect(valid({ metadata, spec })).toEqual(widget("a", 5));
  });

  it("keeps members that nobody knows", () => {
    expect(valid({ ...widget("a", 5), later: { x: 1 } })).toHaveProperty("later.x", 1);
  });

  it("loses its managed fields, and nothing else of its metadata", () => {
    const raw = widget("a", 5);
    const managedFields = [{ manager: "me", operation: "Apply", fieldsV1: { "f:spec": { "f:colour": {} } } }];
    const annotations = { a: "b" };
    const object = valid({ ...raw, metadata: { ...raw.metadata, annotations, managedFields } });
    expect(object.metadata).toEqual({ ...raw.metadata, annotations });
    expect(JSON.stringify(object)).not.toContain("managedFields");
    expect(appliedFieldsOf(object)).toEqual([
      { manager: "me", subresource: "", fields: { "f:spec": { "f:colour": {} } } },
    ]);
  });

  it.each([
    { name: "an Update", entry: { manager: "m", operation: "Update", fieldsV1: { "f:a": {} } } },
    { name: "one without a manager", entry: { operation: "Apply", fieldsV1: { "f:a": {} } } },
    { name: "one without fields", entry: { manager: "m", operation: "Apply" } },
    {
      name: "one whose fields are no tree",
      entry: { manager: "m", operation: "Apply", fieldsV1: { "f:a": 5 } },
    },
    { name: "what is no entry at all", entry: "text" },
  ])("knows nothing of $name among its managed fields", ({ entry }) => {
    const raw = widget("a", 5);
    const object = valid({ ...raw, metadata: { ...raw.metadata, managedFields: [entry] } });
    expect(appliedFieldsOf(object)).toEqual([]);
  });

  it.each([
    { name: "nothing", raw: undefined, key: undefined },
    { name: "a text", raw: "widget", key: undefined },
    { name: "no metadata", raw: { spec: {} }, key: undefined },
    { name: "no name", raw: { metadata: { namespace: "home" } }, key: undefined },
    { name: "a name that is no text", raw: { metadata: { name: 5 } }, key: undefined },
    {
      name: "what its type refuses",
      raw: { metadata: { name: "a", namespace: "home" }, spec: { colour: 5 } },
      key: { namespace: "home", name: "a" },
    },
    {
      name: "what its type refuses, without a namespace",
      raw: { metadata: { name: "a" }, spec: { colour: 5 } },
      key: { name: "a" },
    },
  ])("of $name is invalid, and says which it is where that can be read", ({ raw, key }) => {
    const decoded = decodeObject(widgets, raw);
    if (decoded.kind === "valid") throw new Error("it is valid");
    expect(decoded.invalid.key).toEqual(key);
    expect(decoded.invalid.reason).not.toBe("");
  });

  it("as the answer of a call names the call when it is invalid", () => {
    expect(() => decodeAnswer(widgets, { spec: {} }, "get Widget home/a")).toThrow(
      expect.objectContaining({
        code: "ProtocolError",
        message: "get Widget home/a: not a Widget: metadata.name is missing",
      }),
    );
  });
});

describe("a list", () => {
  it("keeps what can be read, tells what can't, and where to go on", () => {
    const items = [widget("a", 1), { metadata: { name: "b" }, spec: { colour: 5 } }, widget("c", 2)];
    const list = decodeList(widgets, { metadata: { resourceVersion: "9", continue: "more" }, items }, "list");
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
    expect(list.invalid).toMatchObject([{ key: { name: "b" } }]);
    expect(list).toMatchObject({ resourceVersion: "9", continueToken: "more" });
  });

  it.each([
    { name: "no items", raw: { metadata: { resourceVersion: "9" } } },
    { name: "items that are null", raw: { metadata: { resourceVersion: "9", continue: "" }, items: null } },
  ])("with $name is an empty last page", ({ raw }) => {
    const list = decodeList(widgets, raw, "list");
    expect(list).toEqual({ items: [], invalid: [], resourceVersion: "9", continueToken: undefined });
  });

  it.each([
    { name: "nothing", raw: undefined },
    { name: "a list without a version", raw: { metadata: {}, items: [] } },
    { name: "items that are no list", raw: { metadata: { resourceVersion: "9" }, items: {} } },
  ])("can't be $name", ({ raw }) => {
    expect(() => decodeList(widgets, raw, "list Widget")).toThrow("list Widget: the answer is not a list");
  });
});

describe("a watch event", () => {
  const decode = (frame: unknown) => decodeWatchEvent(widgets, JSON.stringify(frame), "watch Widget");

  it.each([
    { type: "ADDED", kind: "added" },
    { type: "MODIFIED", kind: "modified" },
    { type: "DELETED", kind: "deleted" },
  ])("$type", ({ type, kind }) => {
    expect(decode({ type, object: widget("a", 5) })).toEqual({ kind, object: widget("a", 5) });
  });

  it("BOOKMARK tells a version", () => {
    const object = { kind: "Widget", metadata: { resourceVersion: "77" } };
    expect(decode({ type: "BOOKMARK", object })).toEqual({ kind: "bookmark", resourceVersion: "77" });
  });

  it.each(["ADDED", "MODIFIED", "DELETED"])(
    "%s of what can't be parsed is invalid, with its version",
    (type) => {
      const object = { metadata: { name: "a", resourceVersion: "5" }, spec: { colour: 5 } };
      expect(decode({ type, object })).toMatchObject({
        kind: "invalid",
        invalid: { key: { name: "a" }, resourceVersion: "5" },
      });
    },
  );

  it.each([
    { name: "410", object: { code: 410, reason: "Expired", message: "too old" }, code: "Expired" },
    { name: "410 without a reason", object: { code: 410 }, code: "Expired" },
    { name: "500", object: { code: 500, message: "etcd" }, code: "ServerError" },
    { name: "no code", object: { message: "?" }, code: "ServerError" },
    { name: "no object", object: undefined, code: "ServerError" },
  ])("ERROR with $name throws $code", ({ object, code }) => {
    expect(() => decode({ type: "ERROR", object })).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    { name: "no JSON", line: "{oops" },
    { name: "no object", line: "[1]" },
    { name: "no type", line: "{}" },
    { name: "an unknown type", line: '{"type":"RENAMED"}' },
    { name: "a bookmark without a version", line: '{"type":"BOOKMARK","object":{}}' },
  ])("with $name is against the protocol", ({ line }) => {
    expect(() => decodeWatchEvent(widgets, line, "watch Widget")).toThrow(
      expect.objectContaining({ code: "ProtocolError" }),
    );
  });
});
