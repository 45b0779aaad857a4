import type { Channel, ChannelRouting, ChannelStatus } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { patienceForProgress, patienceForRouting } from "../settling.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { decideChannel } from "./decide.ts";
import { gatherChannel } from "./gather.ts";
import { patienceFor } from "./patience.ts";
import { reportChannel } from "./report.ts";

const now = "2026-01-01T00:00:00Z";

interface Scene {
  readonly provided: readonly string[];
  readonly required: readonly string[];
  /** What the Channel said before, and of which generation. */
  readonly before?: { readonly resolved: "True" | "False"; readonly generation?: number };
  readonly routing?: { readonly version?: string };
}

function patience({ provided, required, before, routing }: Scene) {
  const cluster = new FakeCluster();
  cluster.agents.put(agentOf("billing", provided));
  cluster.channels.put(channelOf("acme", required, before === undefined ? {} : { status: statusOf(before) }));
  if (routing !== undefined) cluster.routings.put(routingOf(routing.version));
  const key = { namespace: "default", name: "acme" };
  const input = gatherChannel(key, cluster.stores, { nowMs: Date.parse(now), mode: "off" });
  if (input === undefined) throw new Error("there is no channel");
  const decision = decideChannel(input);
  return patienceFor(decision, reportChannel(decision, input, now), input);
}

function statusOf({ resolved, generation = 1 }: NonNullable<Scene["before"]>): ChannelStatus {
  const condition = { type: "Resolved", status: resolved, reason: "R", message: "", lastTransitionTime: now };
  return {
    resolveStatus: resolved === "True" ? "RESOLVED" : "UNRESOLVED",
    unresolvedRequiredCapabilities: [],
    observedGeneration: generation,
    conditions: [condition],
  };
}

function routingOf(version: string | undefined): ChannelRouting {
  const labels: Channel["metadata"]["labels"] = { tenant: "acme", channel: "web", subset: "stable" };
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: {
      namespace: "default",
      name: "acme",
      labels: { ...labels, ...(version === undefined ? {} : { version }) },
    },
    spec: { capabilityGroups: [], revision: 1 },
  };
}

describe("what was decided", () => {
  it.each([
    {
      name: "of a Channel that was never reported on is written at once",
      scene: { provided: ["bill@1.0.0"], required: ["bill@*"] },
      expected: undefined,
    },
    {
      name: "of a Channel that somebody has just edited is written at once",
      scene: {
        provided: ["bill@1.0.0"],
        required: ["bill@*"],
        before: { resolved: "True", generation: 0 },
      },
      expected: undefined,
    },
    {
      name: "for a Channel that has other labels than its routing is written at once",
      scene: {
        provided: ["bill@1.0.0"],
        required: ["bill@*"],
        before: { resolved: "True" },
        routing: { version: "2.0.0" },
      },
      expected: undefined,
    },
    {
      name: "because of agents waits for others of them",
      scene: {
        provided: ["bill@1.0.0"],
        required: ["bill@*"],
        before: { resolved: "True" },
        routing: {},
      },
      expected: patienceForRouting,
    },
    {
      name: "of a Channel that becomes unresolved is written at once",
      scene: { provided: [], required: ["bill@*"], before: { resolved: "True" } },
      expected: undefined,
    },
    {
      name: "of a Channel that stays unresolved waits long",
      scene: { provided: ["bill@1.0.0"], required: ["bill@*", "news@*"], before: { resolved: "False" } },
      expected: patienceForProgress,
    },
    {
      name: "of a Channel that is resolved in the end does not wait that long",
      scene: { provided: ["bill@1.0.0"], required: ["bill@*"], before: { resolved: "False" } },
      expected: patienceForRouting,
    },
  ] satisfies readonly { readonly name: string; readonly scene: Scene; readonly expected: unknown }[])(
    "$name",
    ({ scene, expected }) => {
      expect(patience(scene)).toEqual(expected);
    },
  );
});
