import { type Condition, conditionOf } from "@lmos/resources";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf } from "../testing/objects.ts";
import { decideChannel } from "./decide.ts";
import { gatherChannel } from "./gather.ts";
import { reportChannel } from "./report.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const notReady: Condition = {
  type: "Ready",
  status: "False",
  reason: "DeploymentUnavailable",
  message: "no replica is available",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

/** A channel that requires one capability of each of so many agents, none of which is ready. */
function waitingFor(count: number, nameOf: (at: number) => string): Condition | undefined {
  const cluster = new FakeCluster();
  const numbers = Array.from({ length: count }, (_, at) => at);
  for (const at of numbers) {
    const agent = agentOf(nameOf(at), [`capability-${at}@1.0.0`]);
    cluster.agents.put({ ...agent, status: { ...agent.status, conditions: [notReady] } });
  }
  cluster.channels.put(
    channelOf(
      "acme",
      numbers.map((at) => `capability-${at}@*`),
    ),
  );
  const key = { namespace: "default", name: "acme" };
  const input = gatherChannel(key, cluster.stores, { nowMs, mode: "off" });
  if (input === undefined) throw new Error("there is no channel");
  const status = reportChannel(decideChannel(input), input, "2026-01-01T00:00:00Z");
  return conditionOf(status.conditions, "Ready");
}

describe("a channel whose agents are not ready", () => {
  it("names them", () => {
    expect(waitingFor(2, (at) => `agent-${at}`)).toMatchObject({
      status: "False",
      reason: "ProviderNotReady",
      message: "not ready: agent-0, agent-1",
    });
  });

  it("names ten of many, and counts the others", () => {
    expect(waitingFor(13, (at) => `agent-${String(at).padStart(2, "0")}`)?.message).toBe(
      "not ready: agent-00, agent-01, agent-02, agent-03, agent-04, agent-05, agent-06, agent-07, agent-08, agent-09, and 3 more",
    );
  });

  it("says so in words that a server takes, however many and however long their names", () => {
    const condition = waitingFor(300, (at) => `${"x".repeat(240)}-${at}`);
    expect(condition?.message.length).toBeLessThan(32_768);
    expect(condition?.message).toContain("and 290 more");
  });
});
