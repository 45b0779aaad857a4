/** The controllers together, on stores that a fake cluster keeps: how they take edits that never end. */
import { requeueAfter } from "@lmos/kube";
import { silentLogger } from "@lmos/primitives";
import type { ChannelRouting } from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Writers } from "./apply.ts";
import { createControllers } from "./controllers.ts";
import { createMetrics } from "./metrics.ts";
import { createTelemetry } from "./telemetry.ts";
import { FakeCluster } from "./testing/fake-cluster.ts";
import { agentOf, channelOf } from "./testing/objects.ts";

const key = { namespace: "default", name: "acme" };
let cluster: FakeCluster;
let clock: FakeClock;
let stop: AbortController;
let running: Promise<unknown>;
/** How long the server takes for a status. */
let statusMs: number;
/** Kinds of which the stores lack what was written. */
let behind: Set<string>;
/** Called when a routing was written. */
let onRouted: () => void;

beforeEach(() => {
  statusMs = 1;
  behind = new Set();
  onRouted = () => undefined;
  cluster = new FakeCluster();
  clock = new FakeClock();
  stop = new AbortController();
  cluster.sync();
  const { stores } = cluster;
  const writers = oneByOne(cluster.writers);
  const telemetry = createTelemetry();
  const controllers = createControllers({
    ...{ stores, writers, clock, telemetry },
    ...{ random: new SeededRandom(1), logger: silentLogger, local: false, grants: "off" },
    ownWrites: { requeueIfBehind: ({ kind }) => (behind.has(kind) ? requeueAfter(10) : undefined) },
    reader: { read: () => Promise.reject(new Error("no agent answers here")) },
    metrics: createMetrics({ registry: telemetry.registry, stores, clock }),
  });
  running = Promise.all(controllers.map((controller) => controller.run({ signal: stop.signal })));
});

afterEach(async () => {
  stop.abort();
  await running;
});

/**
 * The same writers, as a slow server has it: what is asked first is written first, a millisecond each. Statuses that take
 * longer hold up nothing else.
 */
function oneByOne({ client, events }: Writers): Writers {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <R>(write: () => Promise<R>): Promise<R> => {
    const written = last.then(() => clock.sleep(1, { signal: stop.signal })).then(write);
    last = written.catch(() => undefined);
    return written;
  };
  return {
    client: {
      apply: async (type, object, options) => {
        if (options.subresource !== undefined) await clock.sleep(statusMs - 1, { signal: stop.signal });
        const written = await inTurn(() => client.apply(type, object, options));
        if (type.kind === "ChannelRouting") onRouted();
        return written;
      },
      delete: (type, key, options) => inTurn(() => client.delete(type, key, options)),
    },
    events,
  };
}

function routed(): ChannelRouting | undefined {
  return cluster.routings.get(key);
}

function versionRouted(): string | undefined {
  return routed()?.spec.capabilityGroups[0]?.capabilities[0]?.providedVersion;
}

it("follows an agent that is edited every second, for two minutes", async () => {
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  for (let second = 0; second < 120; second += 1) {
    const agent = agentOf("billing", [`bill@1.0.${second}`]);
    const metadata = { ...agent.metadata, generation: second + 1, resourceVersion: `agent-${second}` };
    cluster.agents.put({ ...agent, metadata });
    await clock.advance(100);
    expect(versionRouted()).toBe(`1.0.${second}`);
    await clock.advance(900);
  }
});

it("sets a routing aside that somebody else writes over and over, and puts it right once they stop", async () => {
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  await clock.advance(1_000);
  const before = cluster.writes.length;
  for (let edit = 0; edit < 1_000; edit += 1) {
    const routing = routed();
    if (routing === undefined) throw new Error("there is no routing");
    const metadata = { ...routing.metadata, resourceVersion: `edit-${edit}` };
    cluster.routings.put({ ...routing, metadata, spec: { ...routing.spec, capabilityGroups: [] } });
    await clock.advance(20);
  }
  expect(cluster.writes.length - before).toBeLessThan(500);
  await clock.advance(10_000);
  expect(versionRouted()).toBe("1.0.0");
});

it("writes the routings of all channels that one agent concerns before the first of their statuses", async () => {
  const channels = Array.from({ length: 100 }, (_, at) => channelOf(`channel-${at}`, ["bill@^1.0.0"]));
  const labels = (tenant: string) => ({ tenant, channel: "web", subset: "stable" });
  for (const channel of channels) {
    const { metadata } = channel;
    cluster.channels.put({ ...channel, metadata: { ...metadata, labels: labels(metadata.name) } });
  }
  await clock.advance(5_000);
  const before = cluster.writes.length;
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  await clock.advance(5_000);
  const writes = cluster.writes.slice(before).filter((write) => write.startsWith("Channel"));
  const kinds = writes.map((write) => write.split(" ")[0]);
  expect(kinds).toEqual([...Array(100).fill("ChannelRouting"), ...Array(100).fill("Channel/status")]);
});

it("waits for no status: routings follow at once, and one status tells of several revisions", async () => {
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  await clock.advance(1_000);
  statusMs = 2_000;
  const before = cluster.writes.length;
  for (let version = 1; version <= 4; version += 1) {
    cluster.agents.put(agentOf("billing", [`bill@1.0.${version}`]));
    await clock.advance(100);
    expect(versionRouted()).toBe(`1.0.${version}`);
  }
  await clock.advance(10_000);
  const writes = cluster.writes.slice(before);
  expect(writes.filter((write) => write === "ChannelRouting acme")).toHaveLength(4);
  expect(writes.filter((write) => write === "Channel/status acme").length).toBeLessThanOrEqual(2);
  const { activeRevision, revisions = [] } = cluster.channels.get(key)?.status ?? {};
  expect(activeRevision).toBe(5);
  expect(revisions.map(({ wires }) => wires[0]?.providedVersion)).toEqual(
    ["1.0.4", "1.0.3", "1.0.2", "1.0.1", "1.0.0"], // the newest first
  );
});

it("writes no status by a Channel that lacks what was written of it before", async () => {
  cluster.agents.put(agentOf("billing", ["bill@1.0.0"]));
  onRouted = () => behind.add("Channel");
  cluster.channels.put(channelOf("acme", ["bill@^1.0.0"]));
  await clock.advance(1_000);
  expect(versionRouted()).toBe("1.0.0");
  expect(cluster.writes).not.toContain("Channel/status acme");
  behind.clear();
  await clock.advance(1_000);
  expect(cluster.writes.filter((write) => write === "Channel/status acme")).toHaveLength(1);
});
