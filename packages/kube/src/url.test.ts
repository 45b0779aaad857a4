import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { widgets } from "./testing/widget.ts";
import { resourcePath } from "./url.ts";

const configMaps = { ...widgets, group: "", kind: "ConfigMap", plural: "configmaps" };
const nodes = { ...widgets, group: "", kind: "Node", plural: "nodes", namespaced: false };

describe("the path of a resource", () => {
  it.each([
    { type: configMaps, location: {}, path: "/api/v1/configmaps" },
    { type: configMaps, location: { namespace: "a" }, path: "/api/v1/namespaces/a/configmaps" },
    { type: configMaps, location: { namespace: "a", name: "b" }, path: "/api/v1/namespaces/a/configmaps/b" },
    { type: nodes, location: { name: "b" }, path: "/api/v1/nodes/b" },
    { type: nodes, location: { namespace: "a", name: "b" }, path: "/api/v1/nodes/b" },
    { type: widgets, location: {}, path: "/apis/things.test/v1/widgets" },
    {
      type: widgets,
      location: { namespace: "a", name: "b", subresource: "status" },
      path: "/apis/things.test/v1/namespaces/a/widgets/b/status",
    },
  ])("$path", ({ type, location, path }) => {
    expect(resourcePath(type, location)).toBe(path);
  });

  it.each([
    { query: {}, text: "" },
    { query: { limit: undefined }, text: "" },
    { query: { watch: true, limit: 500 }, text: "?watch=true&limit=500" },
    { query: { labelSelector: "a in (b,c),!d" }, text: "?labelSelector=a+in+%28b%2Cc%29%2C%21d" },
    { query: { continue: "a+b/c=" }, text: "?continue=a%2Bb%2Fc%3D" },
  ])("has the query $text", ({ query, text }) => {
    expect(resourcePath(nodes, {}, query)).toBe(`/api/v1/nodes${text}`);
  });

  it.each(["", ".", ".."])("is refused where the name is %j: it would be another resource", (name) => {
    expect(() => resourcePath(nodes, { name })).toThrow(expect.objectContaining({ code: "BadRequest" }));
    expect(() => resourcePath(configMaps, { namespace: name })).toThrow("is not the name of an object");
  });

  it("never lets a name or a namespace reach beyond its own segment", () =>
    fc.assert(
      fc.property(anyText({ minLength: 1 }), (name) => {
        fc.pre(![".", ".."].includes(name) && name.isWellFormed());
        const { pathname, search } = new URL(resourcePath(configMaps, { namespace: "a", name }), "http://s");
        expect(search).toBe("");
        expect(pathname.split("/")).toHaveLength(7);
        expect(decodeURIComponent(pathname.split("/")[6] ?? "")).toBe(name);
      }),
    ));
});
