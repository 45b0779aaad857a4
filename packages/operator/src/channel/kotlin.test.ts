/** The routings that the Kotlin operator wrote for its own sample objects (recorded), beside ours. */
import { readFileSync } from "node:fs";
import {
  agentKind,
  type ChannelRouting,
  channelKind,
  channelRoutingKind,
  serviceHost,
} from "@lmos/resources";
import { expect, it } from "vitest";
import { z } from "zod";
import { wiredGroups } from "../routing/groups.ts";
import { buildRouting } from "../routing/routing-object.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { decideChannel } from "./decide.ts";
import { gatherChannel } from "./gather.ts";
import { reportChannel } from "./report.ts";

const { items } = z
  .object({ items: z.array(z.looseObject({ kind: z.string() })) })
  .parse(JSON.parse(readFileSync(new URL("../testdata/kotlin-objects.json", import.meta.url), "utf8")));
const routings = items.filter(({ kind }) => kind === "ChannelRouting").map(channelRoutingKind.parse);

function load(): FakeCluster {
  const cluster = new FakeCluster();
  for (const item of items) {
    if (item.kind === "Channel") cluster.channels.put(channelKind.parse(item));
    if (item.kind === "Agent") {
      const agent = agentKind.parse(item);
      const host = serviceHost({ service: agent.metadata.name, namespace: "default", port: 8080 });
      cluster.agents.put({ ...agent, status: { host } });
    }
  }
  return cluster;
}

function decide({ metadata }: ChannelRouting) {
  const input = gatherChannel(metadata, load().stores, { nowMs: Date.UTC(2026, 0, 1), mode: "off" });
  if (input === undefined) throw new TypeError(`no Channel ${metadata.name}`);
  return { input, decision: decideChannel(input) };
}

it.each(routings.filter(({ spec }) => spec.capabilityGroups.length > 0))(
  "$metadata.name is routed the same, but for the added examples",
  (recorded) => {
    const { input, decision } = decide(recorded);
    if (decision.kind !== "activate") throw new TypeError(decision.kind);
    const ours = buildRouting(
      input.channel,
      { revision: 1, live: undefined },
      wiredGroups(decision.wires, input.agents),
    );
    const withoutExamples = ours.spec.capabilityGroups.map((group) => ({
      ...group,
      capabilities: group.capabilities.map(({ examples: _added, ...capability }) => capability),
    }));
    expect(new Set(withoutExamples)).toEqual(new Set(recorded.spec.capabilityGroups));
    expect(ours.metadata.labels).toEqual(recorded.metadata.labels);
  },
);

it.each(routings.filter(({ spec }) => spec.capabilityGroups.length === 0))(
  "$metadata.name, which was activated half, is kept as it is",
  (recorded) => {
    expect(decide(recorded).decision.kind).toBe("keep");
  },
);

it.each(items.filter(({ kind }) => kind === "Channel").map(channelKind.parse))(
  "$metadata.name has the recorded status, but for the added fields",
  (recorded) => {
    const input = gatherChannel(recorded.metadata, load().stores, {
      nowMs: Date.UTC(2026, 0, 1),
      mode: "off",
    });
    if (input === undefined) throw new TypeError(`no Channel ${recorded.metadata.name}`);
    const ours = reportChannel(decideChannel(input), input, "2026-01-01T00:00:00Z");
    const unresolved = ours.unresolvedRequiredCapabilities?.map(
      ({ reason: _why, message: _words, ...rest }) => rest,
    );
    expect({ resolveStatus: ours.resolveStatus, unresolvedRequiredCapabilities: unresolved }).toEqual(
      recorded.status,
    );
  },
);
