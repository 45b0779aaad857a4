/** Two replicas of `lmos operator` as real processes: who leads, how soon the next one does, and what the old one still writes. */

import { leaseResource } from "@lmos/kube";
import { channelRoutingKind } from "@lmos/resources";
import type { FaultRule, MutationRecord } from "@lmos/testing";
import { expect, it } from "vitest";
import type { ServerAccess } from "../faults/harness/access.ts";
import { directClient } from "../faults/harness/access.ts";
import { eventually, pause } from "../faults/harness/eventually.ts";
import { startStallWatch } from "../faults/harness/stall-watch.ts";
import { installFence } from "./operations/fence.ts";
import { figure } from "./operations/figure.ts";
import { type Replica, startReplica } from "./operations/replica.ts";
import { installKinds, makeScene, type Scene } from "./operations/scene.ts";
import { realServers, testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
/** A standby looks at the lease every two seconds. */
const untilStandingByMs = 3_000;
const holdRoutings: FaultRule = {
  match: { verbs: ["apply"], resources: ["channelroutings"] },
  occasion: { kind: "first", count: 1 },
  fault: { kind: "hold" },
};

/** A leader that has wired the channel, and a standby that has looked at the lease. */
async function startTwo(server: ServerAccess, scene: Scene, stack: AsyncDisposableStack) {
  const first = stack.use(await startReplica(server, scene.namespace));
  await first.whenLeading();
  await scene.untilRouted("first", 20_000);
  const second = stack.use(await startReplica(server, scene.namespace));
  await second.operator.whenLogged("the operator listens");
  await ready(second);
  await pause(untilStandingByMs);
  return { first, second };
}

async function ready({ operator }: Replica): Promise<void> {
  const { management } = await operator.addresses();
  await eventually("the standby is ready", async () => (await fetch(`${management}/readyz`)).ok, 20_000);
}

it.each(testServers)(
  "on the $name API server a leader that is killed is replaced within 17 s",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "kill");
    const { first, second } = await startTwo(server, scene, stack);
    expect(second.writesSince(0)).toEqual([]);
    using stalls = startStallWatch();
    first.operator.signal("SIGKILL");
    await scene.describeAgent("after the kill");
    const tookMs = await scene.untilRouted("after the kill", 30_000);
    figure({ name, what: "killed leader → edit routed by the next", asked: "<= 17 s", tookMs });
    expect(tookMs).toBeLessThanOrEqual(17_000 + stalls.longestMs());
  },
);

it.each(testServers)(
  "on the $name API server a leader that stops hands over within 2 s",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "stop");
    const { first, second } = await startTwo(server, scene, stack);
    using stalls = startStallWatch();
    first.operator.signal("SIGTERM");
    const tookMs = await second.whenLeading();
    const heldUpMs = stalls.longestMs();
    expect(await first.operator.whenEnded()).toBe(0);
    figure({ name, what: "SIGTERM of the leader → the next leads", asked: "<= 2 s", tookMs });
    await pause(2_000);
    expect(second.writesSince(0)).toEqual([]); // a new term alone is no reason to write (W19)
    await scene.describeAgent("after the stop");
    await scene.untilRouted("after the stop", 20_000);
    expect((await scene.routing())?.spec.writerTerm).toBe(2);
    expect(tookMs).toBeLessThanOrEqual(2_000 + heldUpMs);
  },
);

it.each(testServers)(
  "on the $name API server a leader that was paused in the middle of a write is refused when it wakes up, and ends",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "pause");
    const { first, second } = await startTwo(server, scene, stack);
    const deposedAtMs = await pauseWhileWriting(first, scene);
    const tookMs = await second.whenLeading();
    await scene.describeAgent("of the next leader");
    await scene.untilRouted("of the next leader", 20_000);
    await wake(first);
    const late = first.writesSince(deposedAtMs);
    figure({
      name,
      what: `late writes ${late.map(({ status }) => status).join(", ")}; takeover`,
      asked: "none accepted",
      tookMs,
    });
    expect(late.filter(isAcceptedRouting)).toEqual([]);
    expect(late.length).toBeGreaterThan(0);
    expect(await first.operator.whenEnded()).toBe(1);
    expect((await scene.routing())?.spec.capabilityGroups[0]?.description).toBe("of the next leader");
  },
);

it.each(realServers)(
  "on the $name API server the policy refuses a late write also for a routing that nobody has touched since",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "policy");
    stack.defer(await installFence(client, scene.namespace));
    const { first, second } = await startTwo(server, scene, stack);
    const deposedAtMs = await pauseWhileWriting(first, scene);
    await scene.describeAgent("first"); // as it was: the next leader has nothing to write
    const tookMs = await second.whenLeading();
    await pause(2_000);
    const before = await client.get(channelRoutingKind, routingKey(scene), { signal });
    await wake(first);
    const late = first.writesSince(deposedAtMs);
    figure({
      name,
      what: `late writes ${late.map(({ status }) => status).join(", ")}; takeover`,
      asked: "none accepted",
      tookMs,
    });
    expect(late.filter(isAcceptedRouting)).toEqual([]);
    expect(late.some(({ request }) => request.resource === "channelroutings")).toBe(true);
    expect(await first.operator.whenEnded()).toBe(1);
    expect(await client.get(channelRoutingKind, routingKey(scene), { signal })).toEqual(before);
    await scene.describeAgent("of the next leader");
    await scene.untilRouted("of the next leader", 20_000); // its own writes pass
  },
);

it.each(testServers)(
  "on the $name API server a leader that is told to stop finishes what is in flight, not ready any more, and then frees the lease",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "drain");
    const { proxy, operator, whenLeading } = stack.use(await startReplica(server, scene.namespace));
    await whenLeading();
    await scene.untilRouted("first", 20_000);
    const holder = async () =>
      (await client.get(leaseResource, leaseKey(scene), { signal }))?.spec?.holderIdentity;
    proxy.setRules([holdRoutings]);
    await scene.describeAgent("in flight");
    await eventually("the write is on its way", () => proxy.held > 0, 10_000);
    const { management } = await operator.addresses();
    operator.signal("SIGTERM");
    const unreadyMs = await eventually(
      "it is not ready any more",
      async () => (await fetch(`${management}/readyz`)).status === 503,
      5_000,
    );
    figure({ name, what: "SIGTERM → not ready", asked: "at once", tookMs: unreadyMs });
    await pause(2_000);
    expect([operator.ended, await holder()]).toEqual([undefined, expect.stringMatching(/./)]);
    await proxy.release();
    expect(await operator.whenEnded()).toBe(0);
    expect((await scene.routing())?.spec.capabilityGroups[0]?.description).toBe("in flight");
    expect(await holder()).toBe("");
  },
);

/** Statuses carry no term: one that was on its way when the leader was paused may have arrived while it still led. */
function isAcceptedRouting({ request, status }: MutationRecord): boolean {
  return request.resource === "channelroutings" && request.subresource === undefined && status < 300;
}

/** Stops the leader when its next write is on its way; gives the time by its proxy. */
async function pauseWhileWriting({ proxy, operator }: Replica, scene: Scene): Promise<number> {
  proxy.setRules([holdRoutings]);
  await scene.describeAgent("of the paused leader");
  await eventually("the write is on its way", () => proxy.held > 0, 10_000);
  operator.signal("SIGSTOP");
  return proxy.nowMs;
}

/** The write arrives as the network would have delivered it, and the process goes on. */
async function wake({ proxy, operator }: Replica): Promise<void> {
  await proxy.release();
  operator.signal("SIGCONT");
  await operator.whenEnded();
}

function leaseKey({ namespace }: Scene) {
  return { namespace, name: "lmos-operator" };
}

function routingKey({ namespace }: Scene) {
  return { namespace, name: "acme-web" };
}
