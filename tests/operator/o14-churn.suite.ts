/**
 * O14: edits without end, then everything deleted at once; and I4: whatever was before, nothing is written at rest and
 * nothing after a restart. Grants are enforced, and some agents offer more than anybody granted them: I1.
 * `npm run bench:operator` does the same with ten thousand agents.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@lmos/primitives";
import { agentKind, channelKind, channelRoutingKind } from "@lmos/resources";
import { isMutating, mutationsOf, startHttpProxy } from "@lmos/testing";
import { expect, it } from "vitest";
import { clientFor, upstreamOf } from "../faults/harness/access.ts";
import { eventually } from "../faults/harness/eventually.ts";
import { report, seconds } from "../faults/harness/figures.ts";
import { whenAtRest } from "./harness/at-rest.ts";
import type { HistoricWire } from "./harness/history.ts";
import { inTurns } from "./harness/in-turns.ts";
import { OperatorWorld, wiresOf } from "./harness/operator-world.ts";
import { scaledClock } from "./harness/scaled-clock.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
const agents = 100;
const editsPerSecond = 40;
const lastingMs = 8_000;
/** At rest the operator's ten hours take eighteen seconds: its periodic check falls into what is watched. */
const factor = 2000;
const restMs = 20_000;
const squatters = 10;
const isGranted = ({ agent }: HistoricWire): boolean => agent.startsWith("agent-");

it.concurrent.each(testServers)(
  "O14 on the $name API server: edits without end are coalesced, and all is calm afterwards",
  async ({ name, start }) => {
    await using server = await start();
    await using world = await OperatorWorld.make(server, "o14");
    await using proxy = await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock });
    await using client = clientFor({ server: proxy.url, namespace: world.namespace });
    const operator = await world.operate({ client, grants: "enforce" });
    const providers = [{ namespace: world.namespace, agent: "agent-*" }];
    await world.grant("agents", { providers, capabilities: ["capability-*"] });
    await inTurns(agents, (at) => world.tenant(`channel-${at}`));
    await inTurns(squatters, (at) => world.agent(`squatter-${at}`, [`capability-${at}@1.999.0`]));
    await inTurns(agents, (at) => world.agent(`agent-${at}`, [`capability-${at}@1.0.0`]));
    await inTurns(agents, (at) => world.channel(`channel-${at}`, [`capability-${at}@^1.0.0`]));
    const versions = new Map<number, string>();
    await untilAllWired(world, versions);
    const startedAt = performance.now();
    let edits = 0;
    while (performance.now() - startedAt < lastingMs) {
      const at = (edits * 7) % agents;
      versions.set(at, `1.0.${edits + 1}`);
      await world.agent(`agent-${at}`, [`capability-${at}@1.0.${edits + 1}`]);
      edits += 1;
      await sleep(Math.max(0, startedAt + (edits * 1000) / editsPerSecond - performance.now()));
    }
    const behindMs = await untilAllWired(world, versions);
    await inTurns(agents, (at) => world.remove(channelKind, `channel-${at}`));
    await inTurns(agents / 2, (at) => world.remove(agentKind, `agent-${at}`));
    const deletedMs = await eventually(
      "no routing is left",
      async () => (await routingsOf(world)) === 0,
      60_000,
    );
    report({
      row: "O14",
      server: name,
      fault: "agents are edited 40 times a second for 8 s, then half of them and all channels are deleted",
      asked: "all routings right <= 10 s after the last edit; nothing is left of what was deleted",
      seen: `right after ${seconds(behindMs)} (${edits} edits); gone after ${seconds(deletedMs)}`,
      reached: behindMs <= 10_000,
    });
    await world.tenant("last");
    await world.channel("last", ["capability-99@^1.0.0"]);
    await world.untilSaid("last", "Ready", "True Active");
    await whenAtRest(proxy);
    await operator[Symbol.asyncDispose]();
    const seen = proxy.history.length;
    await world.operate({ client, clock: scaledClock(factor), grants: "enforce" });
    await sleep(restMs);
    const since = proxy.history.slice(seen);
    const writes = mutationsOf(since, isMutating);
    const lists = since.filter((entry) => entry.kind === "request" && entry.request.verb === "list");
    report({
      row: "O14",
      server: name,
      fault:
        "the operator is started again, and nothing happens for ten hours (time runs 2,000 times as fast)",
      asked: "I4: 0 writes, its periodic check included; each kind listed once",
      seen: `${writes.length} writes, ${lists.length} lists`,
      reached: writes.length === 0,
    });
    expect(writes.map(({ request }) => request)).toEqual([]);
    expect(await world.history.settledViolations({ isGranted })).toEqual([]);
  },
  400_000,
);

/** Milliseconds until each channel has the last version of its agent. */
function untilAllWired(world: OperatorWorld, versions: ReadonlyMap<number, string>): Promise<number> {
  const startedAt = performance.now();
  return inTurns(agents, (at) =>
    eventually(
      `channel-${at} has the last version`,
      async () => {
        const wanted = `agent-${at}/capability-${at}@${versions.get(at) ?? "1.0.0"}`;
        return wiresOf(await world.routing(`channel-${at}`)).join() === wanted;
      },
      60_000,
    ),
  ).then(() => performance.now() - startedAt);
}

async function routingsOf(world: OperatorWorld): Promise<number> {
  return (await world.client.list(channelRoutingKind, { namespace: world.namespace, signal })).items.length;
}
