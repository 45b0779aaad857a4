/** A runtime that knows its channels from an operator's read API hears of a change at once, and outlives the operator. */
import { loadStaticModel } from "@lmos/embeddings";
import type { KubeObject } from "@lmos/kube";
import { silentLogger, systemIds, systemRandom } from "@lmos/primitives";
import { channelRoutingKind } from "@lmos/resources";
import { startRuntime } from "@lmos/runtime";
import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { type Cluster, startCluster } from "./operator-harness.ts";

const { signal } = new AbortController();
/** Channels are asked for every 5 s, and watched after the first time. */
const untilWatchedMs = 5000;

function routing(agent: string): KubeObject {
  const labels = { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" };
  const capability = {
    ...{ id: "c", name: "c", description: "Does it", host: "127.0.0.1:1" },
    ...{ requiredVersion: "1.0.0", providedVersion: "1.0.0" },
  };
  const spec = {
    capabilityGroups: [{ id: agent, name: agent, description: "", capabilities: [capability] }],
  };
  const metadata = { name: "acme-web-stable", namespace: "default", labels };
  return { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting", metadata, spec } as KubeObject;
}

interface Watching extends AsyncDisposable {
  readonly cluster: Cluster;
  /** The runtime's: while it stands, nobody is asked again. */
  readonly clock: FakeClock;
  /** The first agent of the channel, or why there is none. */
  agents(): Promise<string>;
  stopOperator(): Promise<void>;
}

/** A runtime that watches the one channel that its operator has, whose routing leads to `first`. */
async function startWatching(): Promise<Watching> {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster());
  const operator = stack.use(await cluster.startOperator());
  await cluster.apply(routing("first"));
  const clock = new FakeClock();
  const runtime = stack.use(
    await startRuntime({
      routings: { kind: "operator", url: `http://127.0.0.1:${operator.address.port}` },
      embedding: await loadStaticModel({ signal }),
      ...{ clock, random: systemRandom, ids: systemIds, logger: silentLogger },
      local: false,
      listen: { host: "127.0.0.1", port: 0 },
      signal,
    }),
  );
  const agents = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${runtime.address.port}/apis/v1/agents/acme/web`);
    return (await response.text()).replace(/^.*?"(?:name|errorCode)":"([^"]+)".*$/, "$1");
  };
  await expect.poll(agents, { timeout: 10_000 }).toBe("first");
  await clock.advance(untilWatchedMs);
  const owned = stack.move();
  return {
    ...{ cluster, clock, agents },
    stopOperator: async () => operator[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

it("a change reaches it without another question", async () => {
  await using watching = await startWatching();
  await watching.cluster.apply(routing("second"));
  await expect.poll(watching.agents, { timeout: 10_000, interval: 20 }).toBe("second");
  await watching.stopOperator();
  expect(await watching.agents()).toBe("second");
}, 60_000);

it("a routing that is deleted goes once that is confirmed, though it is the only one there", async () => {
  await using watching = await startWatching();
  const { cluster, clock, agents } = watching;
  await cluster.apply(routing("second"));
  await expect.poll(agents, { timeout: 10_000, interval: 20 }).toBe("second"); // it is watched
  await cluster.delete(channelRoutingKind, { namespace: "default", name: "acme-web-stable" });
  const afterAnother5Seconds = async (): Promise<string> => {
    await clock.advance(untilWatchedMs);
    return agents();
  };
  await expect.poll(afterAnother5Seconds, { timeout: 20_000, interval: 100 }).toBe("AGENT_NOT_FOUND");
  const asked = (clock.now() - new FakeClock().now()) / untilWatchedMs;
  expect(asked).toBeLessThan(60); // five minutes, after which anything is believed
}, 60_000);
