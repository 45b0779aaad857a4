/**
 * O15: objects that nobody expects. Every field of an Agent and of a Channel is changed, removed and put back; what the
 * server takes is dealt with, what it refuses is refused in words, others notice nothing, and in the end all is as if the
 * first object had just been applied.
 */
import type { ResourceType } from "@lmos/kube";
import { isRecord, jsonEqual } from "@lmos/primitives";
import { agentKind, channelKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { eventually } from "../faults/harness/eventually.ts";
import { report } from "../faults/harness/figures.ts";
import { type Mutation, mutationsOf, namesField } from "./harness/mutations.ts";
import type { Manifest, OperatorWorld as World } from "./harness/operator-world.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { scaledClock } from "./harness/scaled-clock.ts";
import { masked, untilEqual, whenStill } from "./harness/steady-state.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();

const requirement = {
  id: "r",
  name: "news",
  version: "^1.0.0",
  strategy: "STICKY",
  resolution: "mandatory",
  cardinality: "single",
  filter: 'attributes.region == "eu"',
};
const agentSpec = {
  id: "billing-id",
  description: "Bills",
  supportedTenants: ["acme"],
  supportedChannels: ["web"],
  providedCapabilities: [
    {
      id: "b",
      name: "bill",
      version: "1.2.0",
      description: "Shows a bill",
      examples: ["my bill please"],
      attributes: { region: "eu" },
      uses: ["news"],
      mandatory: ["region"],
    },
    { id: "n", name: "news", version: "1.0.0", attributes: { region: "eu" } },
  ],
  requiredCapabilities: [requirement],
};
const channelSpec = {
  requiredCapabilities: [
    { ...requirement, name: "bill", strategy: "HIGHEST" },
    { id: "", name: "weather", version: "*", resolution: "optional" },
  ],
  activationPolicy: "KeepLastGood",
  routing: {
    mode: "vector",
    thresholds: { energy: 1, margin: 0.1 },
    fallbackAgent: "billing",
    language: "de-AT",
  },
};

const kinds = [
  { kind: "Agent", type: agentKind, name: "billing", roots: [["metadata", "labels"], ["spec"]] },
  { kind: "Channel", type: channelKind, name: "acme", roots: [["metadata", "labels"], ["spec"]] },
] as const;

const cases = testServers.flatMap((server) =>
  kinds.map((kind) => ({ ...server, ...kind, server: server.name })),
);

it.concurrent.each(cases)(
  "O15 on the $server API server: every field of a $kind changed, removed and put back",
  async ({ server: serverName, start, kind, type, name, roots }) => {
    await using server = await start();
    await using world = await OperatorWorld.make(server, `o15-${kind.toLowerCase()}`);
    // Edits in such numbers would be held back (quarantine): its time runs faster, as if they came seldom.
    await world.operate({ clock: scaledClock(60) });
    const bases = await applyBases(world);
    await world.untilWired("acme", ["billing/bill@1.2.0"]);
    await world.agent("other", ["rest@1.0.0"]);
    await world.channel("quiet", ["rest@^1.0.0"]);
    await world.untilWired("quiet", ["other/rest@1.0.0"]);
    const fresh = await whenStill(() => stateOf(world));
    const quietWrites = async () => (await world.routingChanges("quiet")).length;
    const quietBefore = await quietWrites();
    const outcome = { taken: 0, refused: 0, silent: [] as string[], strayed: [] as string[] };
    for (const mutation of mutationsOf(bases[kind], roots)) {
      const refusal = await world.refusalOf(write(world, type, mutation));
      if (refusal === undefined) outcome.taken += 1;
      else outcome.refused += 1;
      if (refusal !== undefined && !namesField(refusal, mutation)) outcome.silent.push(mutation.name);
      if (refusal !== undefined) continue;
      await untilObserved(world, type, { name, after: mutation.name });
      await world.apply(type, bases[kind]);
      const after = await untilEqual(() => stateOf(world), fresh);
      if (!jsonEqual(after, fresh)) outcome.strayed.push(`${mutation.name}: ${JSON.stringify(after)}`);
    }
    const writesOfOthers = (await quietWrites()) - quietBefore;
    report({
      row: "O15",
      server: serverName,
      fault: `every field of ${kind === "Agent" ? "an Agent" : "a Channel"} changed, removed, put back (Acto)`,
      asked:
        "taken or refused in words; afterwards the state of a fresh apply; nobody else's routing written",
      seen: `${outcome.taken} taken, ${outcome.refused} refused; ${outcome.strayed.length} ended elsewhere, ${writesOfOthers} writes of others`,
      reached: outcome.strayed.length === 0 && writesOfOthers === 0,
    });
    expect(outcome.strayed).toEqual([]);
    expect(outcome.silent).toEqual([]);
    expect(writesOfOthers).toBe(0);
    expect(outcome.taken).toBeGreaterThan(10);
    const broken = await world.history.settledViolations();
    expect(broken.filter((text) => !text.startsWith("I2"))).toEqual([]);
  },
  600_000,
);

async function applyBases(world: World): Promise<Readonly<Record<"Agent" | "Channel", Manifest>>> {
  const head = (kind: string, name: string, labels: Readonly<Record<string, string>>) => {
    return { apiVersion: "lmos.eclipse/v1", kind, metadata: { name, namespace: world.namespace, labels } };
  };
  const agent = { ...head("Agent", "billing", { subset: "stable" }), spec: agentSpec };
  const news = { ...head("Agent", "press", { subset: "stable" }), spec: newsSpec };
  const labels = { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" };
  const channel = { ...head("Channel", "acme", labels), spec: channelSpec };
  for (const object of [news, agent]) await world.apply(agentKind, object);
  await world.apply(channelKind, channel);
  return { Agent: agent, Channel: channel };
}

const newsSpec = {
  supportedChannels: ["web"],
  providedCapabilities: [{ name: "news", version: "1.0.0", attributes: { region: "eu" } }],
};

/** As a whole, so that what is not named any more goes: server-side apply removes only what its manager owned. */
async function write(world: World, type: ResourceType, { object }: Mutation<Manifest>): Promise<void> {
  await world.apply(type, object);
}

/** Until the operator has written that it has seen the object as it is now. */
async function untilObserved(
  world: World,
  type: ResourceType,
  { name, after }: { readonly name: string; readonly after: string },
): Promise<void> {
  const isObserved = async (): Promise<boolean> => {
    const object = await world.client.get(type, { namespace: world.namespace, name }, { signal });
    const status = isRecord(object) && isRecord(object["status"]) ? object["status"] : {};
    return status["observedGeneration"] === object?.metadata.generation;
  };
  await eventually(`${name} is observed after ${after}`, isObserved, 60_000);
}

async function stateOf(world: World): Promise<unknown> {
  const agent = await world.client.get(
    agentKind,
    { namespace: world.namespace, name: "billing" },
    { signal },
  );
  return masked({ agent, channel: await world.status("acme"), routing: await world.routing("acme") });
}
