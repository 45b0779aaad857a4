import { agentKind, channelKind, channelRoutingKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import type { Manifest } from "./manifests.ts";
import { planAll } from "./plan.ts";
import { rollbackTarget } from "./rollback.ts";
import { planLines } from "./wiring-text.ts";
import { overlay, type World, worldOfManifests } from "./world.ts";

const apiVersion = "lmos.eclipse/v1";
const nowMs = Date.parse("2026-03-01T00:00:00Z");
const news = { name: "news", version: "1.0.0" };
const plain = { paint: (_color: unknown, text: string) => text };

function agent(name: string, version: string, supportedChannels: readonly string[] = ["web"]) {
  const spec = { supportedChannels, providedCapabilities: [{ name: "bill", version }] };
  return { apiVersion, kind: "Agent", metadata: { name, namespace: "default" }, spec };
}

function channel(spec: object = {}) {
  const metadata = { name: "acme", namespace: "default", labels: { tenant: "acme", channel: "web" } };
  const requiredCapabilities = [{ name: "bill", version: "^1.0.0" }];
  return { apiVersion, kind: "Channel", metadata, spec: { requiredCapabilities, ...spec } };
}

function named(name: string, labels: object = {}) {
  const { metadata, ...rest } = channel();
  return { ...rest, metadata: { ...metadata, name, labels: { ...metadata.labels, ...labels } } };
}

const cluster: World = {
  tenants: [],
  grants: [],
  workloads: [],
  mode: "off",
  agents: [agentKind.parse({ ...agent("a", "1.0.0"), status: { host: "a.default.svc.cluster.local" } })],
  channels: [
    channelKind.parse({
      ...channel(),
      metadata: { ...channel().metadata, creationTimestamp: "2026-01-01T00:00:00Z" },
    }),
  ],
  routings: [
    channelRoutingKind.parse({
      apiVersion,
      kind: "ChannelRouting",
      metadata: { name: "acme", namespace: "default" },
      spec: {
        capabilityGroups: [
          {
            name: "a",
            capabilities: [{ name: "bill", requiredVersion: "^1.0.0", providedVersion: "1.0.0" }],
          },
        ],
      },
    }),
  ],
};

describe("planLines", () => {
  it.each([
    { name: "nothing where nothing changes", files: [agent("b", "1.0.0")], lines: [] },
    {
      name: "a wire that moves",
      files: [agent("b", "1.1.0")],
      lines: ["~ acme", "    - bill 1.0.0 → a", "    + bill 1.1.0 → b"],
    },
    {
      name: "a routing that is kept",
      files: [agent("a", "2.0.0")],
      lines: [
        "✗ acme keeps its routing, as something is not provided",
        "    bill ^1.0.0: a provides bill 2.0.0, which is not in ^1.0.0",
        "    fix: deploy a version of a in ^1.0.0, or widen the range so that it takes 2.0.0",
      ],
    },
    {
      name: "a routing that is removed",
      files: [agent("a", "2.0.0"), channel({ activationPolicy: "Fail" })],
      lines: [
        "✗ acme loses its routing",
        "    - bill 1.0.0 → a",
        "    bill ^1.0.0: a provides bill 2.0.0, which is not in ^1.0.0",
        "    fix: deploy a version of a in ^1.0.0, or widen the range so that it takes 2.0.0",
      ],
    },
    {
      name: "a routing that holds what is provided",
      files: [
        channel({
          activationPolicy: "Partial",
          requiredCapabilities: [
            { name: "bill", version: "^1.0.0" },
            { name: "news", version: "*" },
          ],
        }),
      ],
      lines: [
        "✗ acme holds what is provided",
        "    news *: no agent provides news",
        "    fix: deploy an agent that provides news, or take it out of the channel's requiredCapabilities",
      ],
    },
    {
      name: "a channel that asks for more",
      files: [
        { ...agent("b", "1.0.0"), spec: { ...agent("b", "1.0.0").spec, providedCapabilities: [news] } },
        channel({ requiredCapabilities: [{ name: "bill", version: "^1.0.0" }, news] }),
      ],
      lines: ["~ acme", "    + news 1.0.0 → b"],
    },
    {
      name: "a channel that is new",
      files: [named("other", { channel: "ivr" }), agent("a", "1.0.0", ["web", "ivr"])],
      lines: ["+ other", "    + bill 1.0.0 → a"],
    },
    {
      name: "a channel that is new and has the identity of another",
      files: [named("aaa")],
      lines: [
        "✗ aaa gets no routing",
        "    acme has the same tenant, channel and subset, and only one of them can be activated",
        "    fix: give aaa another tenant, channel or subset: kubectl label --overwrite channel aaa subset=…",
      ],
    },
    {
      name: "a channel that is there, written anew beside one of its identity",
      files: [named("acme"), named("aaa", { subset: "stable" })],
      lines: [
        "✗ aaa gets no routing",
        "    acme has the same tenant, channel and subset, and only one of them can be activated",
        "    fix: give aaa another tenant, channel or subset: kubectl label --overwrite channel aaa subset=…",
      ],
    },
  ])("$name", ({ files, lines }) => {
    const after = overlay(cluster, worldOfManifests(files, "default"));
    expect(planAll(after, nowMs).flatMap((one) => planLines(one, plain))).toEqual(lines);
  });
});

describe("what a cluster knows and files do not", () => {
  const a = cluster.agents[0];
  const acme = cluster.channels[0];
  if (a === undefined || acme === undefined) throw new TypeError("the cluster is empty");
  const host = "a.default.svc.cluster.local";
  const wire = {
    ...{ agent: "a", id: "", name: "bill", requiredVersion: "^1.0.0", providedVersion: "1.0.0", host },
  };
  const history = { activeRevision: 1, revisions: [{ revision: 1, activatedAt: "x", wires: [wire] }] };
  const planned = (world: World, files: readonly Manifest[]): readonly string[] =>
    planAll(overlay(world, worldOfManifests(files, "default")), nowMs).flatMap((one) =>
      planLines(one, plain),
    );
  const notReadySince = (lastTransitionTime: string) => {
    const ready = { type: "Ready", status: "False", reason: "Any", message: "", lastTransitionTime };
    return agentKind.parse({ ...agent("b", "1.1.0"), status: { host, conditions: [ready] } });
  };

  it("counts: a routing that is held at a revision stays as it is", () => {
    const held = { ...cluster, channels: [{ ...acme, status: history }] };
    const files = [channel({ pinnedRevision: 1 }), agent("b", "1.1.0")];
    expect(planned(held, files)).toEqual([]);
    expect(planned(held, [agent("b", "1.1.0")])).toEqual([
      "~ acme",
      "    - bill 1.0.0 → a",
      "    + bill 1.1.0 → b",
    ]);
  });

  it("counts: nothing moves to an agent that has not been ready for a while", () => {
    const waiting = { ...cluster, agents: [a, notReadySince("2026-02-01T00:00:00Z")] };
    expect(planned(waiting, [])).toEqual([]);
    const briefly = { ...cluster, agents: [a, notReadySince("2026-02-28T23:59:59Z")] };
    expect(planned(briefly, [])).toContain("    + bill 1.1.0 → b");
  });

  it("counts: an agent of a file that the cluster has is as ready as it is there", () => {
    const waiting = { ...cluster, agents: [a, notReadySince("2026-02-01T00:00:00Z")] };
    expect(planned(waiting, [agent("b", "1.2.0")])).toEqual([]);
  });
});

it("reports what a file holds that can't be read", () => {
  const broken = { ...channel(), spec: { requiredCapabilities: [{ name: 7 }] } };
  expect(() => worldOfManifests([broken], "default")).toThrow(
    /acme.* can't be read: spec.requiredCapabilities.0.name/,
  );
});

describe("rollbackTarget", () => {
  const revisions = [3, 2, 1].map((revision) => ({
    revision,
    activatedAt: "2026-01-01T00:00:00Z",
    wires: [],
  }));
  const rolled = channelKind.parse({ ...channel(), status: { revisions, activeRevision: 3 } });

  it.each([
    { name: "the one before the active", wanted: undefined, revision: 2 },
    { name: "the one that is named", wanted: "1", revision: 1 },
  ])("$name", ({ wanted, revision }) => {
    expect(rollbackTarget(rolled, wanted)).toBe(revision);
  });

  it.each([
    {
      name: "a revision that is not there",
      channel: rolled,
      wanted: "7",
      says: "acme has no revision 7; it has 3, 2, 1",
    },
    { name: "no history", channel: channelKind.parse(channel()), wanted: undefined, says: "it has none" },
  ])("refuses $name", ({ channel: given, wanted, says }) => {
    expect(() => rollbackTarget(given, wanted)).toThrow(says);
  });
});
