import { type Channel, channelKind } from "@lmos/resources";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elderDuplicates } from "./duplicates.ts";

interface Given {
  readonly name: string;
  readonly namespace?: string;
  readonly created?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function channelOf({ name, namespace = "default", created, labels = {} }: Given): Channel {
  return channelKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "Channel",
    metadata: {
      name,
      namespace,
      creationTimestamp: created,
      labels: { tenant: "acme", channel: "web", ...labels },
    },
    spec: { requiredCapabilities: [] },
  });
}

/** As `younger: elder`. */
function duplicatesOf(given: readonly Given[]): readonly string[] {
  const pairs = [...elderDuplicates(given.map(channelOf))];
  return pairs.map(([younger, elder]) => `${younger.metadata.name}: ${elder.metadata.name}`).sort();
}

const january = "2026-01-01T00:00:00Z";
const february = "2026-02-01T00:00:00Z";

describe("elderDuplicates", () => {
  it.each<{ name: string; given: readonly Given[]; pairs: readonly string[] }>([
    { name: "none", given: [], pairs: [] },
    { name: "one alone", given: [{ name: "a" }], pairs: [] },
    { name: "by name where nobody is created yet", given: [{ name: "b" }, { name: "a" }], pairs: ["b: a"] },
    {
      name: "by creation before the name",
      given: [
        { name: "a", created: february },
        { name: "b", created: january },
      ],
      pairs: ["a: b"],
    },
    {
      name: "what is yet to be created is the youngest",
      given: [{ name: "a" }, { name: "b", created: january }],
      pairs: ["a: b"],
    },
    {
      name: "all but one of three, each led to the oldest",
      given: [{ name: "c" }, { name: "b" }, { name: "a" }],
      pairs: ["b: a", "c: a"],
    },
    {
      name: "no label subset is stable, and so is an empty one",
      given: [
        { name: "a" },
        { name: "b", labels: { subset: "stable" } },
        { name: "c", labels: { subset: "" } },
      ],
      pairs: ["b: a", "c: a"],
    },
    {
      name: "another subset",
      given: [{ name: "a" }, { name: "b", labels: { subset: "canary" } }],
      pairs: [],
    },
    {
      name: "another tenant",
      given: [{ name: "a" }, { name: "b", labels: { tenant: "globex" } }],
      pairs: [],
    },
    {
      name: "a tenant in other case",
      given: [{ name: "a" }, { name: "b", labels: { tenant: "ACME" } }],
      pairs: [],
    },
    { name: "another channel", given: [{ name: "a" }, { name: "b", labels: { channel: "ivr" } }], pairs: [] },
    {
      name: "another version is no other identity",
      given: [{ name: "a" }, { name: "b", labels: { version: "2.0.0" } }],
      pairs: ["b: a"],
    },
    { name: "another namespace", given: [{ name: "a" }, { name: "b", namespace: "other" }], pairs: [] },
    {
      name: "those that lack a label are nobody's",
      given: [
        { name: "a", labels: { tenant: "" } },
        { name: "b", labels: { tenant: "" } },
      ],
      pairs: [],
    },
  ])("$name", ({ given, pairs }) => {
    expect(duplicatesOf(given)).toEqual(pairs);
  });

  it("is the same in every order, and leaves one of each identity", () => {
    const labels = fc.record({ tenant: fc.constantFrom("a", "b"), channel: fc.constantFrom("w", "i") });
    const one = fc.record({
      name: fc.string({ minLength: 1, maxLength: 3 }),
      created: fc.constantFrom(undefined, january, february),
      labels,
    });
    const all = fc.uniqueArray(one, { selector: ({ name }) => name, maxLength: 8 });
    fc.assert(
      fc.property(
        all.chain((given) =>
          fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })),
        ),
        ([given, shuffled]) => {
          const pairs = duplicatesOf(given as Given[]);
          expect(duplicatesOf(shuffled as Given[])).toEqual(pairs);
          const identities = new Set(given.map((each) => JSON.stringify(each.labels)));
          expect(given.length - pairs.length).toBe(identities.size);
        },
      ),
    );
  });
});
