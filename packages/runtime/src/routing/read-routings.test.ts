import { describe, expect, test } from "vitest";
import { readRoutings } from "./read-routings.ts";

const kotlinFile = `
channelRoutings:
  - metadata:
      name: acme-web
      labels: { tenant: acme, channel: web, version: 1.0.0 }
    spec:
      capabilityGroups:
        - name: billing
          description: Bills
          capabilities:
            - { id: c1, name: view-bill, requiredVersion: 1.0.0, providedVersion: 1.0.0, description: Shows, host: billing, subset: stable }
  - metadata:
      labels: { tenant: acme, channel: web, subset: beta }
    spec: { capabilityGroups: [] }
`;

describe("a file of routings", () => {
  test("is read as the Kotlin runtime's, with kind, namespace and name made up where they are missing", () => {
    const text = readRoutings(kotlinFile);
    expect(text).toMatchObject({
      kind: "read",
      routings: [
        { kind: "ChannelRouting", metadata: { name: "acme-web", namespace: "default" } },
        { metadata: { name: "acme-web-beta", labels: { subset: "beta" } } },
      ],
    });
  });

  test("may be JSON", () => {
    const json = JSON.stringify({ channelRoutings: [{ metadata: { name: "a" }, spec: {} }] });
    expect(readRoutings(json)).toMatchObject({ kind: "read", routings: [{ metadata: { name: "a" } }] });
  });

  test("may hold no routings", () => {
    expect(readRoutings("channelRoutings: []")).toEqual({ kind: "read", routings: [] });
  });

  test("counts the first of two routings for one channel", () => {
    const entry = (name: string) => ({ metadata: { name, labels: { tenant: "a", channel: "b" } }, spec: {} });
    const text = readRoutings(JSON.stringify({ channelRoutings: [entry("first"), entry("second")] }));
    expect(text).toMatchObject({ routings: [{ metadata: { name: "first" } }] });
  });
});

test("channels of a file are told apart by their labels, whatever they are called", () => {
  const entry = (tenant: string) => ({
    metadata: { name: "web", labels: { tenant, channel: "web" } },
    spec: {},
  });
  const text = readRoutings(JSON.stringify({ channelRoutings: [entry("acme"), entry("other")] }));
  expect(text).toMatchObject({
    routings: [{ metadata: { name: "web" } }, { metadata: { name: "other-web-stable" } }],
  });
});

const refused = [
  { name: "nothing", text: "", says: "the file is empty" },
  { name: "blanks", text: " \n\n", says: "the file is empty" },
  { name: "no YAML", text: "channelRoutings: [", says: "the file is no YAML" },
  { name: "another document", text: "routings: []", says: "no list channelRoutings" },
  { name: "a list at its top", text: "- a", says: "no list channelRoutings" },
  { name: "a routing without metadata", text: "channelRoutings: [{spec: {}}]", says: "metadata" },
  { name: "a routing that is text", text: "channelRoutings: [hello]", says: "metadata" },
  {
    name: "a capability without a version",
    text: JSON.stringify({
      channelRoutings: [
        {
          metadata: { name: "a" },
          spec: { capabilityGroups: [{ name: "g", capabilities: [{ name: "c" }] }] },
        },
      ],
    }),
    says: "providedVersion",
  },
];

describe("a file is refused that holds", () => {
  test.each(refused)("$name", ({ text, says }) => {
    expect(readRoutings(text)).toEqual({ kind: "unreadable", message: expect.stringContaining(says) });
  });
});
