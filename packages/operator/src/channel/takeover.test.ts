import { type Condition, channelRoutingKind } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { decideChannel } from "./decide.ts";
import { gatherChannel } from "./gather.ts";
import { takeoverEvents } from "./takeover.ts";

const key = { namespace: "default", name: "acme" };

interface Scene {
  /** The agents by name, each with what it provides. */
  readonly agents: Readonly<Record<string, readonly string[]>>;
  /** What the live routing holds, as `agent/bill@version`. */
  readonly before: readonly string[];
  readonly range?: string;
  readonly ready?: Condition["status"];
}

function events({ agents, before, range = ">=1.0.0", ready = "True" }: Scene): readonly string[] {
  const cluster = new FakeCluster();
  for (const [name, capabilities] of Object.entries(agents)) {
    const agent = agentOf(name, capabilities);
    const conditions = [
      { type: "Ready", status: ready, reason: "R", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ];
    cluster.agents.put({ ...agent, status: { ...agent.status, conditions } });
  }
  cluster.channels.put(channelOf("acme", [`bill@${range}`]));
  if (before.length > 0) cluster.routings.put(routingOf(before, range));
  const input = gatherChannel(key, cluster.stores, {
    nowMs: Date.parse("2026-01-01T01:00:00Z"),
    mode: "off",
  });
  if (input === undefined) throw new Error("there is no channel");
  return takeoverEvents(decideChannel(input), input).flatMap((command) =>
    command.kind === "record" ? [`${command.event.type} ${command.event.reason}: ${command.event.note}`] : [],
  );
}

function routingOf(wires: readonly string[], requiredVersion: string) {
  const capabilityGroups = wires.map((text) => {
    const [, name = "", providedVersion = ""] = /^(.*)\/bill@(.*)$/.exec(text) ?? [];
    return { name, capabilities: [{ name: "bill", requiredVersion, providedVersion }] };
  });
  return channelRoutingKind.parse({
    apiVersion: "lmos.eclipse/v1",
    kind: "ChannelRouting",
    metadata: { ...key, resourceVersion: "1" },
    spec: { capabilityGroups, revision: 1 },
  });
}

const moved = "bill passes from a 1.0.0 to b";

describe("a capability that passes to another agent", () => {
  it.each([
    {
      name: "is told where the former still fits",
      scene: { agents: { a: ["bill@1.0.0"], b: ["bill@1.1.0"] }, before: ["a/bill@1.0.0"] },
      expected: [`Normal ProviderTakenOver: ${moved} 1.1.0`],
    },
    {
      name: "is told where the newcomer is one major version ahead",
      scene: { agents: { a: ["bill@1.0.0"], b: ["bill@2.0.0"] }, before: ["a/bill@1.0.0"] },
      expected: [`Normal ProviderTakenOver: ${moved} 2.0.0`],
    },
    {
      name: "is a warning where it is farther ahead",
      scene: { agents: { a: ["bill@1.0.0"], b: ["bill@999.0.0"] }, before: ["a/bill@1.0.0"] },
      expected: [
        `Warning SuspiciousVersion: ${moved} 999.0.0, although the former still fits: is that version what it says?`,
      ],
    },
  ])("$name", ({ scene, expected }) => {
    expect(events(scene)).toEqual(expected);
  });
});

describe("nothing is told", () => {
  it.each([
    {
      name: "of the first wiring",
      scene: { agents: { a: ["bill@1.0.0"], b: ["bill@2.0.0"] }, before: [] },
    },
    {
      name: "where the agent stays and only its version changes",
      scene: { agents: { a: ["bill@2.0.0"] }, before: ["a/bill@1.0.0"] },
    },
    {
      name: "where the former is gone",
      scene: { agents: { b: ["bill@999.0.0"] }, before: ["a/bill@1.0.0"] },
    },
    {
      name: "where the former provides something else by now",
      scene: { agents: { a: ["news@1.0.0"], b: ["bill@2.0.0"] }, before: ["a/bill@1.0.0"] },
    },
    {
      name: "where the former's version no longer fits",
      scene: {
        agents: { a: ["bill@1.0.0"], b: ["bill@2.0.0"] },
        before: ["a/bill@1.0.0"],
        range: ">=2.0.0",
      },
    },
    {
      name: "where the former's version is none any more",
      scene: { agents: { a: ["bill@latest"], b: ["bill@2.0.0"] }, before: ["a/bill@1.0.0"] },
    },
    {
      name: "where the former is not ready",
      scene: {
        agents: { a: ["bill@1.0.0"], b: ["bill@2.0.0"] },
        before: ["a/bill@1.0.0"],
        ready: "False" as const,
      },
    },
  ])("$name", ({ scene }) => {
    expect(events(scene)).toEqual([]);
  });
});
