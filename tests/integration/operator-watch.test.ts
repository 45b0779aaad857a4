/** A runtime that knows its channels from an operator's read API hears of a change at once, and outlives the operator. */
import { loadStaticModel } from "@lmos/embeddings";
import type { KubeObject } from "@lmos/kube";
import { silentLogger, systemIds, systemRandom } from "@lmos/primitives";
import { startRuntime } from "@lmos/runtime";
import { FakeClock } from "@lmos/testing";
import { expect, it } from "vitest";
import { startCluster } from "./operator-harness.ts";

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

it("a change reaches it without another question", async () => {
  await using stack = new AsyncDisposableStack();
  const cluster = stack.use(await startCluster());
  const operator = stack.use(await cluster.startOperator());
  await cluster.apply(routing("first"));
  const { port } = operator.address;
  const clock = new FakeClock(); // the runtime's: while it stands, nobody is asked again
  const runtime = stack.use(
    await startRuntime({
      routings: { kind: "operator", url: `http://127.0.0.1:${port}` },
      embedding: await loadStaticModel({ signal }),
      ...{ clock, random: systemRandom, ids: systemIds, logger: silentLogger },
      local: false,
      listen: { host: "127.0.0.1", port: 0 },
      signal,
    }),
  );
  const agents = async (): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${runtime.address.port}/apis/v1/agents/acme/web`);
    return (await response.text()).replace(/^.*?"name":"([^"]+)".*$/, "$1");
  };
  await expect.poll(agents, { timeout: 10_000 }).toBe("first");
  await clock.advance(untilWatchedMs);

  await cluster.apply(routing("second"));
  await expect.poll(agents, { timeout: 10_000, interval: 20 }).toBe("second");

  await operator[Symbol.asyncDispose]();
  expect(await agents()).toBe("second");
}, 60_000);
