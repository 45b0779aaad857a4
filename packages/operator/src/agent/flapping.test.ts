/** Row O12: an agent that flaps, and the channels that could use it. */
import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createChannelReconciler } from "../channel/reconciler.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { agentOf, channelOf, deploymentOf, serviceOf } from "../testing/objects.ts";
import { FlapDetector } from "./flapping.ts";
import { createAgentReconciler } from "./reconciler.ts";

const { signal } = new AbortController();
const key = (name: string) => ({ namespace: "default", name });

describe("FlapDetector", () => {
  it("calls an agent flapping at its fourth change, until it has been steady for a minute", async () => {
    const clock = new FakeClock();
    const detector = new FlapDetector(clock);
    const kinds: string[] = [];
    for (const isReady of [true, false, true, false, true, true]) {
      kinds.push(detector.observe(key("a"), isReady).kind);
      await clock.advance(10_000);
    }
    expect(kinds).toEqual(["steady", "steady", "steady", "steady", "flapping", "flapping"]);
    await clock.advance(40_000);
    expect(detector.observe(key("a"), true)).toEqual({ kind: "steady" });
  });

  it("takes changes that lie far apart for restarts", async () => {
    const clock = new FakeClock();
    const detector = new FlapDetector(clock);
    for (let change = 0; change < 20; change++) {
      expect(detector.observe(key("a"), change % 2 === 0).kind).toBe("steady");
      await clock.advance(150_000);
    }
  });
});

describe("O12: an agent that flaps for ten minutes", () => {
  it("changes the routing a few times and then waits until the agent is steady", async () => {
    const cluster = new FakeCluster();
    const clock = new FakeClock();
    const options = { stores: cluster.stores, writers: cluster.writers, clock };
    const agents = createAgentReconciler(options);
    const channels = createChannelReconciler(options);
    const owner = {
      kind: "Deployment",
      apiVersion: "apps/v1",
      name: "flappy",
      uid: "flappy-uid",
      controller: true,
    };
    const flappy = agentOf("flappy", ["bill@1.1.0"]);
    cluster.agents.put({ ...flappy, metadata: { ...flappy.metadata, ownerReferences: [owner] } });
    cluster.agents.put(agentOf("calm", ["bill@1.0.0"]));
    cluster.services.put(serviceOf("flappy"));
    cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
    for (let second = 0; second < 600; second++) {
      const isUp = Math.floor(second / (1 + (second % 5))) % 2 === 0;
      const status = {
        observedGeneration: 1,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: Number(isUp),
      };
      cluster.deployments.put(deploymentOf("flappy", { status }));
      await agents(key("flappy"), { signal });
      await channels(key("acme"), { signal });
      await clock.advance(1000);
    }
    const routingWrites = cluster.writes.filter((write) => write === "ChannelRouting acme").length;
    expect(routingWrites).toBeLessThanOrEqual(2);
    expect(cluster.writes.filter((write) => write === "Agent/status flappy").length).toBeLessThanOrEqual(6);
    expect(cluster.routings.get(key("acme"))?.spec.capabilityGroups[0]?.name).toBe("calm");
    cluster.deployments.put(deploymentOf("flappy"));
    for (let second = 0; second < 62; second++) {
      await agents(key("flappy"), { signal });
      await channels(key("acme"), { signal });
      await clock.advance(1000);
    }
    expect(cluster.routings.get(key("acme"))?.spec.capabilityGroups[0]?.name).toBe("flappy");
  });
});
