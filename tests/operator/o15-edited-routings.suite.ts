/**
 * O15 of what the operator owns: every field of a ChannelRouting is edited by hand, as with `kubectl edit`, and is put back to
 * what it was without anybody asking for it.
 */
import { jsonEqual } from "@lmos/primitives";
import { type ChannelRouting, channelRoutingKind, conditionOf } from "@lmos/resources";
import { expect, it } from "vitest";
import { insist } from "../faults/harness/eventually.ts";
import { report } from "../faults/harness/figures.ts";
import { type Mutation, mutationsOf, namesField } from "./harness/mutations.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { scaledClock } from "./harness/scaled-clock.ts";
import { masked, untilEqual, whenStill } from "./harness/steady-state.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();

it.concurrent.each(testServers)(
  "O15 on the $name API server: every field of a ChannelRouting edited by hand",
  async ({ name: serverName, start }) => {
    await using server = await start();
    await using world = await OperatorWorld.make(server, "o15-routing");
    // Edits in such numbers would be held back (quarantine): its time runs faster, as if they came seldom.
    await world.operate({ clock: scaledClock(60) });
    await world.agent("billing", ["bill@1.2.0", "view@1.0.0"], { description: "Bills" });
    await world.agent("press", ["news@1.0.0"]);
    await world.channel("acme", ["bill@^1.0.0", "news@*", "view@1.0.0"], {
      routing: { language: "de", thresholds: { margin: 0.1 } },
    });
    await world.untilWired("acme", ["billing/bill@1.2.0", "billing/view@1.0.0", "press/news@1.0.0"]);
    const read = () => stateOf(world);
    const fresh = await whenStill(read);
    const outcome = { taken: 0, refused: 0, silent: [] as string[], strayed: [] as string[] };
    const live = await routingOf(world);
    for (const mutation of mutationsOf(live, [["metadata", "labels"], ["spec"]])) {
      const refusal = await edit(world, mutation);
      if (refusal === undefined) outcome.taken += 1;
      else outcome.refused += 1;
      if (refusal !== undefined && !namesField(refusal, mutation)) outcome.silent.push(mutation.name);
      if (refusal !== undefined) continue;
      const after = await untilEqual(read, fresh);
      if (!jsonEqual(after, fresh)) outcome.strayed.push(`${mutation.name}: ${JSON.stringify(after)}`);
    }
    report({
      row: "O15",
      server: serverName,
      fault: "every field of a ChannelRouting edited by hand (Acto)",
      asked: "refused in words, or put back, and the routing says so",
      seen: `${outcome.taken} taken, ${outcome.refused} refused; ${outcome.strayed.length} not put back`,
      reached: outcome.strayed.length === 0,
    });
    expect(outcome.strayed).toEqual([]);
    expect(outcome.silent).toEqual([]);
    expect(outcome.taken).toBeGreaterThan(20);
    expect(conditionOf((await routingOf(world)).status?.conditions, "Current")?.reason).toBe("Restored");
    const broken = await world.history.settledViolations();
    expect(broken.filter((text) => !text.startsWith("I2"))).toEqual([]); // the edits themselves take wires
  },
  600_000,
);

async function routingOf(world: OperatorWorld): Promise<ChannelRouting> {
  const routing = await world.routing("acme");
  if (routing === undefined) throw new Error("there is no routing");
  return routing;
}

/** Replaces the routing as it is now by the mutated one; the words of a refusal. */
function edit(world: OperatorWorld, { object }: Mutation<ChannelRouting>): Promise<string | undefined> {
  return insist(async () => {
    const { resourceVersion } = (await routingOf(world)).metadata;
    const edited = { ...object, metadata: { ...object.metadata, resourceVersion } };
    return world.refusalOf(world.client.replace(channelRoutingKind, edited, { signal }));
  });
}

async function stateOf(world: OperatorWorld): Promise<unknown> {
  const { metadata, spec } = await routingOf(world);
  return masked({ labels: metadata.labels, spec, channel: (await world.status("acme"))?.status });
}
