/** O17: a namespace is deleted and stays Terminating: nothing is written into it again and again, and in the end nothing is left of it. */
import type { ResourceType } from "@lmos/kube";
import { systemClock } from "@lmos/primitives";
import { agentKind, channelKind, channelRoutingKind } from "@lmos/resources";
import { isMutating, mutationsOf, startHttpProxy } from "@lmos/testing";
import { expect, it } from "vitest";
import { clientFor, upstreamOf } from "../faults/harness/access.ts";
import { eventually, pause } from "../faults/harness/eventually.ts";
import { report } from "../faults/harness/figures.ts";
import { looseType } from "../faults/harness/widgets-world.ts";
import { whenAtRest } from "./harness/at-rest.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
const namespaces = looseType({ group: "", kind: "Namespace", plural: "namespaces", namespaced: false });
const observedMs = 10_000;

it.concurrent.each(testServers)(
  "O17 on the $name API server: a namespace that is Terminating is left in peace",
  async ({ name, start }) => {
    await using server = await start();
    await using world = await OperatorWorld.make(server, "o17");
    await using proxy = await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock });
    await using client = clientFor({ server: proxy.url, namespace: world.namespace });
    const operator = await world.operate({ client });
    for (const at of [0, 1, 2]) {
      await world.agent(`agent-${at}`, [`capability-${at}@1.0.0`]);
      await world.channel(`channel-${at}`, [`capability-${at}@^1.0.0`]);
    }
    for (const at of [0, 1, 2])
      await world.untilWired(`channel-${at}`, [`agent-${at}/capability-${at}@1.0.0`]);
    const held: readonly (readonly [ResourceType, string])[] = [
      [agentKind, "agent-0"],
      [channelKind, "channel-1"],
      [channelRoutingKind, "channel-2"],
    ];
    const setFinalizers = async (finalizers: readonly string[] | null): Promise<void> => {
      for (const [type, object] of held) {
        const key = { namespace: world.namespace, name: object };
        await world.client.patch(
          type,
          key,
          { kind: "merge", body: { metadata: { finalizers } } },
          { signal },
        );
      }
    };
    await setFinalizers(["example.com/held"]);
    await world.client.delete(namespaces, { name: world.namespace }, { signal });
    await eventually(
      "only what is held is left",
      async () => (await world.agents()).length === 1 && (await world.routing("channel-0")) === undefined,
      30_000,
    );
    await whenAtRest(proxy); // what was under way has ended; what is tried again comes later
    const seen = proxy.history.length;
    await pause(observedMs);
    const attempts = mutationsOf(proxy.history.slice(seen), isMutating).filter(
      ({ request }) => request.resource !== "events",
    );
    await setFinalizers(null);
    const isGone = async () =>
      (await world.client.get(namespaces, { name: world.namespace }, { signal })) === undefined;
    await eventually("the namespace is gone", isGone, 60_000);
    const { host, port } = operator.address;
    const metrics = async () => (await fetch(`http://${host}:${port}/metrics`)).text();
    await eventually(
      "nothing is left in the caches",
      async () => countedChannels(await metrics()) === 0,
      60_000,
    );
    const perMinute = attempts.length * (60_000 / observedMs);
    report({
      row: "O17",
      server: name,
      fault: "the namespace is deleted and stays Terminating, held by finalizers of others",
      asked: "<= 1 attempt to write a minute; nothing is left in the caches when it is gone",
      seen: `${perMinute} attempts a minute; ${countedChannels(await metrics())} channels left`,
      reached: perMinute <= 1,
    });
    expect(attempts.length).toBe(0);
  },
  300_000,
);

function countedChannels(metrics: string): number {
  return [...metrics.matchAll(/^lmos_channels\{.*\} (\d+)$/gm)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}
