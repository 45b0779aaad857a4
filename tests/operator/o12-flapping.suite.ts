/** O12: an agent that becomes available and not available all the time moves its channels seldom, and nobody else's at all. */
import { setTimeout as sleep } from "node:timers/promises";
import { agentKind, conditionOf } from "@lmos/resources";
import { expect, it } from "vitest";
import { report } from "../faults/harness/figures.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { scaledClock } from "./harness/scaled-clock.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
/** The operator's minutes take seconds: ten of them ten. */
const factor = 60;
const lastingMs = 10 * 60_000;
/** Every one to five of the operator's seconds, in an order that is the same each time. */
const pausesMs = [1000, 3000, 2000, 5000, 4000];

const document = (version: string) => {
  return { supportedChannels: ["web"], capabilities: [{ name: "bill", version }] };
};

it.concurrent.each(testServers)(
  "O12 on the $name API server: a flapping agent is damped",
  async ({ name, start }) => {
    await using server = await start();
    await using world = await OperatorWorld.make(server, "o12");
    const announce = async (version: string) => (await world.agentProcess(document(version))).port;
    await world.operate({ clock: scaledClock(factor) });
    // The flapping one has the higher version, so that the channel wants it whenever it counts as ready.
    await world.deploy("flapping", await announce("1.1.0"));
    await world.deploy("steady", await announce("1.0.0"));
    await world.channel("acme", ["bill@^1.0.0"]);
    await world.untilWired("acme", ["flapping/bill@1.1.0"]);
    await world.agent("other", ["news@1.0.0"]);
    await world.channel("quiet", ["news@^1.0.0"]);
    await world.untilWired("quiet", ["other/news@1.0.0"]);
    const writesOf = async (routing: string) => (await world.routingChanges(routing)).length;
    const before = { acme: await writesOf("acme"), quiet: await writesOf("quiet") };
    let wasFlapping = false;
    let toggles = 0;
    const endsAt = performance.now() + lastingMs / factor;
    while (performance.now() < endsAt) {
      await world.available("flapping", toggles % 2);
      await sleep((pausesMs[toggles % pausesMs.length] ?? 1000) / factor);
      toggles += 1;
      const agent = await world.client.get(
        agentKind,
        { namespace: world.namespace, name: "flapping" },
        { signal },
      );
      wasFlapping ||= conditionOf(agent?.status?.conditions, "Flapping")?.status === "True";
    }
    const writes = (await writesOf("acme")) - before.acme;
    const writesOfOthers = (await writesOf("quiet")) - before.quiet;
    report({
      row: "O12",
      server: name,
      fault:
        "an agent becomes available and not available every 1 to 5 s for 10 min (time runs 60 times as fast)",
      asked: "<= 20 writes of its channel's routing, none of others'; condition Flapping",
      seen: `${writes} and ${writesOfOthers} writes in ${toggles} changes; Flapping ${wasFlapping ? "was said" : "was not said"}`,
      reached: writes <= 20 && writesOfOthers === 0 && wasFlapping,
    });
    expect(writes).toBeLessThanOrEqual(20);
    expect(writesOfOthers).toBe(0);
    expect(wasFlapping).toBe(true);
    // Once it is steady again the channel has it back.
    await world.available("flapping", 1);
    await world.untilWired("acme", ["flapping/bill@1.1.0"], 30_000);
    expect(await world.history.settledViolations()).toEqual([]);
  },
);
