import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { channelIdentityOf, missingLabelsOf } from "./labels.ts";

type Labels = Readonly<Record<string, string>> | undefined;
const labelled = (labels: Labels) => ({ metadata: { labels } });

describe("the labels that a channel lacks", () => {
  it.each([
    { name: "no labels at all", labels: undefined, missing: ["tenant", "channel"] },
    { name: "labels of others", labels: { app: "web", Tenant: "acme" }, missing: ["tenant", "channel"] },
    { name: "a tenant alone", labels: { tenant: "acme" }, missing: ["channel"] },
    { name: "an empty tenant", labels: { tenant: "", channel: "web" }, missing: ["tenant"] },
    { name: "both", labels: { tenant: "acme", channel: "web" }, missing: [] },
    { name: "both, and no subset", labels: { tenant: "acme", channel: "web", subset: "" }, missing: [] },
  ])("$name", ({ labels, missing }) => {
    expect(missingLabelsOf(labelled(labels))).toEqual(missing);
  });
});

describe("the identity of a channel", () => {
  const texts = fc.constantFrom("", "a", "b", "stable", "canary");
  const labels: fc.Arbitrary<Labels> = fc.option(
    fc.record({ tenant: texts, channel: texts, subset: texts, version: texts }, { requiredKeys: [] }),
    { nil: undefined },
  );

  it("is complete exactly where no label is missing", () => {
    fc.assert(
      fc.property(labels, (given) => {
        const { tenant, channel, subset } = channelIdentityOf(labelled(given));
        expect(subset).not.toBe("");
        expect(tenant !== "" && channel !== "").toBe(missingLabelsOf(labelled(given)).length === 0);
      }),
    );
  });

  it("is the same with the subset stable as without one, whatever else is written there", () => {
    fc.assert(
      fc.property(labels, texts, (given, version) => {
        const { subset: _subset, ...rest } = given ?? {};
        const stable = channelIdentityOf(labelled({ ...rest, version, subset: "stable" }));
        expect(channelIdentityOf(labelled(rest))).toEqual(stable);
        expect(channelIdentityOf(labelled({ ...rest, subset: "" }))).toEqual(stable);
      }),
    );
  });
});
