import { describe, expect, it } from "vitest";
import { electionOf, namespacesOf, parseNamespaces } from "./operator-options.ts";

describe("namespaces", () => {
  it.each([
    { name: "none are all", options: {}, expected: undefined },
    { name: "one by its short form", options: { namespace: "shop" }, expected: ["shop"] },
    {
      name: "a list with spaces",
      options: { watchNamespaces: parseNamespaces("shop, bank,") },
      expected: ["shop", "bank"],
    },
    {
      name: "both forms together",
      options: { watchNamespaces: ["bank"], namespace: "shop" },
      expected: ["bank", "shop"],
    },
  ])("$name", ({ options, expected }) => {
    expect(namespacesOf(options)).toEqual(expected);
  });
});

describe("--watch-namespaces", () => {
  it.each([
    { name: "nothing", text: "", says: "it names no namespace" },
    { name: "commas and blanks alone", text: " , ", says: "it names no namespace" },
    { name: "a name in capitals", text: "shop,Bank", says: '"Bank" can\'t be the name of a namespace' },
    { name: "a name that is too long", text: "a".repeat(64), says: "63 at most" },
    { name: "a pattern", text: "shop-*", says: '"shop-*" can\'t be' },
  ])("refuses $name", ({ text, says }) => {
    expect(() => parseNamespaces(text)).toThrow(says);
  });
});

describe("election", () => {
  const whereabouts = { host: "pod-1", id: "x7", namespace: "lmos-system" };
  const leaseName = "lmos-operator";

  it.each([
    { name: "in a cluster", options: {}, elects: true },
    { name: "on a laptop", options: { local: true }, elects: false },
    { name: "on a laptop where it is asked for", options: { local: true, leaderElect: true }, elects: true },
    { name: "in a cluster where it is declined", options: { leaderElect: false }, elects: false },
  ])("$name: $elects", ({ options, elects }) => {
    expect(electionOf({ ...options, leaseName }, whereabouts) !== undefined).toBe(elects);
  });

  it("goes by a Lease beside the operator, unless another place is named", () => {
    expect(electionOf({ leaseName }, whereabouts)?.lease).toEqual({
      namespace: "lmos-system",
      name: leaseName,
    });
    expect(electionOf({ leaseName: "mine", leaseNamespace: "shop" }, whereabouts)?.lease).toEqual({
      namespace: "shop",
      name: "mine",
    });
  });

  it("knows each process from every other", () => {
    expect(electionOf({ leaseName }, whereabouts)?.identity).toBe("pod-1_x7");
    expect(electionOf({ leaseName }, { ...whereabouts, host: undefined })?.identity).toBe("lmos-operator_x7");
  });
});
