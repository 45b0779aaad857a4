import type { Agent, AgentStatus } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { agentOf } from "../testing/objects.ts";
import { isSameToChannels, saysNothingNew } from "./news.ts";

function statusOf(observedGeneration: number, ready: "True" | "False" = "True"): AgentStatus {
  const told = { reason: "Unmanaged", message: "not watched", lastTransitionTime: "2026-01-01T00:00:00Z" };
  const condition = { type: "Ready", status: ready, observedGeneration, ...told };
  return { observedGeneration, conditions: [condition], host: "a", capabilities: 1 };
}

describe("a status", () => {
  it.each([
    { name: "of the next generation alone", before: statusOf(1), nothing: true },
    { name: "of the same generation", before: statusOf(2), nothing: false },
    { name: "with another condition", before: statusOf(1, "False"), nothing: false },
    { name: "with another host", before: { ...statusOf(1), host: "b" }, nothing: false },
    { name: "with more capabilities", before: { ...statusOf(1), capabilities: 0 }, nothing: false },
    { name: "that is the first", before: undefined, nothing: false },
  ])("$name says nothing new: $nothing", ({ before, nothing }) => {
    expect(saysNothingNew(statusOf(2), before)).toBe(nothing);
  });
});

describe("an Agent", () => {
  const agent: Agent = { ...agentOf("billing", ["bill@1.0.0"]), status: statusOf(1) };
  const changed = (metadata: Partial<Agent["metadata"]>): Agent => {
    return { ...agent, metadata: { ...agent.metadata, ...metadata } };
  };

  it.each([
    { name: "another version of the object", after: changed({ resourceVersion: "9" }), same: true },
    { name: "a generation that was told", after: { ...agent, status: statusOf(2) }, same: true },
    { name: "another spec", after: { ...agent, spec: agentOf("billing", ["bill@1.0.1"]).spec }, same: false },
    { name: "other labels", after: changed({ labels: { subset: "canary" } }), same: false },
    { name: "an annotation", after: changed({ annotations: { a: "b" } }), same: false },
    { name: "its end", after: changed({ deletionTimestamp: "2026-01-01T00:00:00Z" }), same: false },
    { name: "another readiness", after: { ...agent, status: statusOf(1, "False") }, same: false },
    { name: "no status any more", after: { ...agent, status: undefined }, same: false },
  ])("with $name is the same to Channels: $same", ({ after, same }) => {
    expect(isSameToChannels(agent, after)).toBe(same);
    expect(isSameToChannels(after, agent)).toBe(same);
  });
});
