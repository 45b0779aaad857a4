import { type CapabilityGroup, type Channel, type ChannelRouting, channelRoutingKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import type { Command } from "../commands.ts";
import { channelOf } from "../testing/objects.ts";
import type { DesiredRouting } from "./desired.ts";
import { planRouting } from "./plan.ts";
import { buildRouting } from "./routing-object.ts";

const channel = channelOf("acme-web", ["view-bill@^1.0.0"]);
const nowMs = Date.parse("2026-01-01T00:00:00Z");

function groupOf(agent: string, { version = "1.0.0", host = `${agent}.default` } = {}): CapabilityGroup {
  const capability = { id: "1", name: "view-bill", requiredVersion: "^1.0.0", providedVersion: version };
  return {
    id: agent,
    name: agent,
    description: "",
    capabilities: [{ ...capability, host, description: "" }],
  };
}

function liveOf(groups: CapabilityGroup[], revision = 1): ChannelRouting {
  const built = buildRouting(channel, { revision, live: undefined }, groups);
  return channelRoutingKind.parse({ ...built, metadata: { ...built.metadata, resourceVersion: "7" } });
}

const foreign: ChannelRouting = {
  ...liveOf([groupOf("billing")]),
  metadata: { name: "acme-web", namespace: "default", resourceVersion: "7" },
};

function plan(desired: DesiredRouting, routing: ChannelRouting | undefined, of: Channel = channel) {
  return planRouting(desired, { channel: of, routing, nowMs }).map(summary);
}

function summary(command: Command): string {
  if (command.kind === "record") return `record ${command.event.reason}`;
  if (command.kind === "delete") return `delete, ${command.event.reason}: ${command.event.note}`;
  const of = command.subresource === undefined ? "" : "/status";
  return `apply${of}${command.event === undefined ? "" : `, ${command.event.reason}: ${command.event.note}`}`;
}

const holding = (groups: CapabilityGroup[], revision = 1): DesiredRouting => {
  return { kind: "holding", revision, groups };
};

describe("the writes for a routing", () => {
  const updated = "apply, RoutingUpdated: Routed to billing";
  const restored =
    "apply, RoutingRestored: The routing was edited by hand and is put back. Routed to billing";
  it.each([
    {
      name: "that stays as it is: none",
      desired: { kind: "unchanged" },
      live: liveOf([groupOf("other")]),
      expected: [],
    },
    { name: "that is new", desired: holding([groupOf("billing")]), live: undefined, expected: [updated] },
    {
      name: "with a new number",
      desired: holding([groupOf("billing")], 2),
      live: liveOf([groupOf("other")]),
      expected: [updated],
    },
    {
      name: "whose agent moved to another address: no edit by hand",
      desired: holding([groupOf("billing", { host: "billing.default:9090" })]),
      live: liveOf([groupOf("billing")]),
      expected: [updated],
    },
    {
      name: "whose agent somebody replaced: it is put back, and says so itself",
      desired: holding([groupOf("billing")]),
      live: liveOf([groupOf("other")]),
      expected: [restored, "apply/status"],
    },
    {
      name: "whose version somebody wrote by hand",
      desired: holding([groupOf("billing")]),
      live: liveOf([groupOf("billing", { version: "9.9.9" })]),
      expected: [restored, "apply/status"],
    },
    {
      name: "that somebody emptied",
      desired: holding([groupOf("billing")]),
      live: liveOf([]),
      expected: [restored, "apply/status"],
    },
    {
      name: "that leads to nobody",
      desired: holding([], 2),
      live: liveOf([groupOf("billing")]),
      expected: ["apply, RoutingUpdated: The routing is empty"],
    },
    {
      name: "that the policy wants away",
      desired: { kind: "absent", because: "policy" },
      live: liveOf([groupOf("billing")]),
      expected: [
        "delete, RoutingRemoved: The routing is removed, as the activation policy is Fail and something is not provided",
      ],
    },
    {
      name: "of which nothing is granted",
      desired: { kind: "absent", because: "grants" },
      live: liveOf([groupOf("billing")]),
      expected: ["delete, RoutingRemoved: The routing is removed, as nothing of it is granted"],
    },
    {
      name: "that is somebody's own, which the policy leaves alone",
      desired: { kind: "absent", because: "policy" },
      live: foreign,
      expected: [],
    },
    {
      name: "that is somebody's own and not granted: it is emptied",
      desired: { kind: "absent", because: "grants" },
      live: foreign,
      expected: ["apply, RoutingUpdated: The routing is empty"],
    },
    {
      name: "that is gone already, with the policy",
      desired: { kind: "absent", because: "policy" },
      live: undefined,
      expected: [],
    },
    {
      name: "that is gone already, without a grant",
      desired: { kind: "absent", because: "grants" },
      live: undefined,
      expected: [],
    },
  ] as const satisfies readonly {
    name: string;
    desired: DesiredRouting;
    live: ChannelRouting | undefined;
    expected: readonly string[];
  }[])("$name", ({ desired, live, expected }) => {
    expect(plan(desired, live)).toEqual(expected);
  });
});

describe("a write of a routing", () => {
  it("names the version that it replaces, so that a decision about an older state is refused", () => {
    const [command] = planRouting(holding([groupOf("billing")], 2), {
      channel,
      routing: liveOf([groupOf("other")]),
      nowMs,
    });
    expect(command).toMatchObject({ desired: { metadata: { resourceVersion: "7" }, spec: { revision: 2 } } });
  });

  it("keeps the term of the live one, so that a new leader alone changes nothing", () => {
    const live = liveOf([groupOf("billing")]);
    const [command] = planRouting(holding([groupOf("billing")]), {
      channel,
      routing: { ...live, spec: { ...live.spec, writerTerm: 4 } },
      nowMs,
    });
    expect(command).toMatchObject({ desired: { spec: { writerTerm: 4 } } });
  });

  it("empties one that is not the Channel's own under the next number", () => {
    const routing = { ...foreign, spec: { ...foreign.spec, revision: 3 } };
    const [command] = planRouting({ kind: "absent", because: "grants" }, { channel, routing, nowMs });
    expect(command).toMatchObject({ desired: { spec: { revision: 4, capabilityGroups: [] } } });
  });

  it("says of a routing that is put back that it is current again, and since when", () => {
    const [, command] = planRouting(holding([groupOf("billing")]), {
      channel,
      routing: liveOf([groupOf("other")]),
      nowMs,
    });
    const message = "it was edited by hand and put back: edit the Channel instead";
    const lastTransitionTime = "2026-01-01T00:00:00Z";
    expect(command).toMatchObject({
      fieldManager: "lmos-control-plane-routing",
      desired: {
        status: {
          conditions: [{ type: "Current", status: "True", reason: "Restored", message, lastTransitionTime }],
        },
      },
    });
  });
});
