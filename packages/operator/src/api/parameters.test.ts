import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readQuery } from "./parameters.ts";

const asked = { tenant: "acme", channel: "web", subset: "canary", namespace: "shop" };

describe("a query", () => {
  it.each([
    { name: "all parts", parts: asked, expected: asked },
    {
      name: "no subset is stable",
      parts: { ...asked, subset: undefined },
      expected: { ...asked, subset: "stable" },
    },
    {
      name: "an empty subset stays empty",
      parts: { ...asked, subset: "" },
      expected: { ...asked, subset: "" },
    },
    {
      name: "no namespace is default",
      parts: { ...asked, namespace: undefined },
      expected: { ...asked, namespace: "default" },
    },
    {
      name: "no channel is every channel",
      parts: { ...asked, channel: undefined },
      expected: { ...asked, channel: undefined },
    },
    {
      name: "upper case, dots and underscores, as labels have them",
      parts: { ...asked, tenant: "ACME_1.eu" },
      expected: { ...asked, tenant: "ACME_1.eu" },
    },
  ])("$name", ({ parts, expected }) => {
    expect(readQuery(parts)).toEqual({ kind: "query", query: expected });
  });

  it.each([
    { name: "a selector instead of a tenant", part: { tenant: "acme,channel=web" }, field: "tenant" },
    { name: "an empty tenant", part: { tenant: "" }, field: "tenant" },
    { name: "a tenant that is too long", part: { tenant: "a".repeat(64) }, field: "tenant" },
    { name: "a channel that ends in a hyphen", part: { channel: "web-" }, field: "channel" },
    { name: "an empty channel", part: { channel: "" }, field: "channel" },
    { name: "a subset with a line feed", part: { subset: "stable\n" }, field: "x-subset" },
    { name: "a namespace in upper case", part: { namespace: "Shop" }, field: "x-namespace" },
    { name: "a namespace with a dot", part: { namespace: "kube.system" }, field: "x-namespace" },
    { name: "an empty namespace", part: { namespace: "" }, field: "x-namespace" },
  ])("is refused for $name", ({ part, field }) => {
    expect(readQuery({ ...asked, ...part })).toEqual({
      kind: "invalid",
      field,
      value: Object.values(part)[0],
    });
  });

  it("names the first of several faults", () => {
    expect(readQuery({ ...asked, channel: "-", namespace: "-" })).toMatchObject({ field: "channel" });
  });

  it("lets nothing through that a label selector could read as more than one value", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...",=!().-_ \nAa0é"), maxLength: 70 }), (text) => {
        const reading = readQuery({ ...asked, tenant: text, channel: text, subset: text, namespace: text });
        if (reading.kind === "query") expect(text).toMatch(/^[a-z0-9-]{1,63}$/);
      }),
    );
  });
});
