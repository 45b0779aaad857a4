/** The judge is judged: each invariant is broken once, and seen to be. */
import { describe, expect, it } from "vitest";
import { type Entry, History, type Plural } from "./history.ts";

interface Change {
  readonly plural: Plural;
  readonly type?: Entry["type"];
  readonly spec?: object;
  readonly status?: object;
  /** Who wrote it, as `manager` or `manager/subresource`. */
  readonly by?: string;
  readonly generation?: number;
}

/** The changes to the one object of each kind, in their order. */
function historyOf(changes: readonly Change[]): History {
  const history = new History();
  changes.forEach(({ plural, type = "MODIFIED", spec, status, by, generation = 1 }, at) => {
    const [manager, subresource] = by?.split("/") ?? [];
    const managedFields = manager === undefined ? [] : [{ manager, subresource }];
    const metadata = { name: "acme", generation, resourceVersion: String(at + 1), managedFields };
    history.entries.push({ plural, type, atMs: at, object: { metadata, spec, status } });
  });
  return history;
}

const requires = (...names: readonly string[]): Change => {
  const requiredCapabilities = names.map((name) => ({ name, version: "*" }));
  return { plural: "channels", spec: { requiredCapabilities } };
};
const routes = (...wires: readonly string[]): Change => {
  const capabilityGroups = wires.map((wire) => {
    const [name = "", capability = ""] = wire.split("/");
    return { name, capabilities: [{ name: capability, requiredVersion: "*", providedVersion: "1.0.0" }] };
  });
  return { plural: "channelroutings", spec: { capabilityGroups }, by: "lmos-control-plane" };
};
const claims = (...names: readonly string[]): Change => {
  const conditions = [{ type: "Activated", status: "True", reason: "RoutingCurrent" }];
  return { ...requires(...names), status: { observedGeneration: 1, conditions } };
};

describe("nothing is broken", () => {
  it.each([
    { name: "where nothing happened", changes: [] },
    {
      name: "by a wiring that grows",
      changes: [requires("bill"), routes("a/bill"), routes("a/bill", "b/news")],
    },
    {
      name: "by a wire to another agent",
      changes: [requires("bill"), routes("a/bill"), routes("b/bill")],
    },
    {
      name: "by a wire that nobody asks for any more",
      changes: [requires("bill", "news"), routes("a/bill", "b/news"), requires("bill"), routes("a/bill")],
    },
    {
      name: "where a Channel is content with a part",
      changes: [
        { ...requires("bill"), spec: { ...requires("bill").spec, activationPolicy: "Partial" } },
        routes("a/bill"),
        routes(),
      ],
    },
    { name: "by a hand-edit", changes: [requires("bill"), routes("a/bill"), { ...routes(), by: "kubectl" }] },
    { name: "by a status after its routing", changes: [routes("a/bill"), claims("bill")] },
    {
      name: "by what others write",
      changes: [{ plural: "deployments", by: "kube-controller-manager/status" } as const],
    },
    {
      name: "by the condition of a routing that was put back",
      changes: [{ plural: "channelroutings", by: "lmos-control-plane-routing/status" } as const],
    },
  ])("$name", ({ changes }) => {
    expect(historyOf(changes).violations()).toEqual([]);
  });
});

describe("it is seen", () => {
  it.each([
    {
      name: "I2: that a wire is lost which is still asked for",
      changes: [requires("bill"), routes("a/bill"), routes()],
      expected: ["I2: the routing acme lost bill@*"],
    },
    {
      name: "I2: that a routing is deleted",
      changes: [requires("bill"), routes("a/bill"), { ...routes("a/bill"), type: "DELETED" as const }],
      expected: ["I2: the routing acme lost bill@*"],
    },
    {
      name: "I3: that a status claims a routing which is not there",
      changes: [claims("bill")],
      expected: ["I3: acme claims a routing that is not there"],
    },
    {
      name: "I3: that a status claims what its routing does not hold",
      changes: [routes("a/bill"), claims("bill", "news")],
      expected: ["I3: acme claims news@*, which its routing does not hold"],
    },
    {
      name: "I5: that something is written which is others'",
      changes: [{ plural: "deployments", by: "lmos-control-plane" } as const],
      expected: ["I5: lmos-control-plane wrote deployments acme"],
    },
    {
      name: "I5: that a status is written under a wrong name",
      changes: [{ plural: "channels", by: "lmos-control-plane-agent/status" } as const],
      expected: ["I5: lmos-control-plane-agent wrote channels/status acme"],
    },
    {
      name: "I5: that a Channel is written, which is its owner's",
      changes: [{ plural: "channels", by: "lmos-control-plane" } as const],
      expected: ["I5: lmos-control-plane wrote channels acme"],
    },
  ])("$name", ({ changes, expected }) => {
    expect(historyOf(changes).violations()).toEqual(expected);
  });

  it("I1: that a routing names what is not granted, with everything that may matter for it", () => {
    const seen: unknown[] = [];
    const isGranted = (wire: { readonly agent: string }): boolean => {
      seen.push(wire);
      return wire.agent !== "squatter";
    };
    const history = historyOf([requires("bill"), routes("a/bill", "squatter/bill")]);
    expect(history.violations({ isGranted })).toEqual([
      "I1: the routing acme names squatter for bill@1.0.0, which is not granted",
    ]);
    expect(seen).toContainEqual({
      channel: "acme",
      agent: "squatter",
      capability: "bill",
      version: "1.0.0",
      atMs: 1,
    });
  });

  it("in the order of the server, in whichever order the watches told it", () => {
    const history = historyOf([requires("bill"), routes("a/bill"), routes()]);
    history.entries.reverse();
    expect(history.violations()).toEqual(["I2: the routing acme lost bill@*"]);
  });
});

it("counts the changes of a kind that are asked for", () => {
  const history = historyOf([requires("bill"), routes("a/bill"), routes("b/bill")]);
  expect(history.count("channelroutings")).toBe(2);
  expect(history.count("channelroutings", ({ atMs }) => atMs > 1)).toBe(1);
});
