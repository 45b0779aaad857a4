/**
 * O15 of what says who may be wired to whom: every field of a Tenant and of a CapabilityGrant is changed, removed and put
 * back, and the object itself is deleted and made again. These two have no status: that the operator has seen one of them
 * shows in a second object of the same kind, which is changed after it.
 */
import type { ResourceType } from "@lmos/kube";
import { jsonEqual } from "@lmos/primitives";
import { agentKind, capabilityGrantKind, tenantKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { eventually } from "../faults/harness/eventually.ts";
import { report } from "../faults/harness/figures.ts";
import type { HistoricWire } from "./harness/history.ts";
import { type Mutation, mutationsOf, namesField } from "./harness/mutations.ts";
import { type Manifest, OperatorWorld as World } from "./harness/operator-world.ts";
import { scaledClock } from "./harness/scaled-clock.ts";
import { masked, untilEqual, whenStill } from "./harness/steady-state.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();

/** What of each kind is changed, and how its second object lets a wire come and go. */
const kinds = [
  { kind: "Tenant", type: tenantKind, specOf: tenantSpec, probe: probeTenant },
  { kind: "CapabilityGrant", type: capabilityGrantKind, specOf: grantSpec, probe: probeGrant },
] as const;

const cases = testServers.flatMap((server) =>
  kinds.map((kind) => ({ ...server, ...kind, server: server.name })),
);

it.concurrent.each(cases)(
  "O15 on the $server API server: every field of a $kind changed, removed and put back",
  async ({ server: serverName, start, kind, type, specOf, probe }) => {
    await using server = await start();
    await using world = await World.make(server, `o15-${kind.toLowerCase().slice(-6)}`);
    await world.operate({ clock: scaledClock(60), grants: "enforce" });
    await applyScene(world);
    const read = () => stateOf(world);
    const fresh = await whenStill(read);
    const quietWrites = async () => (await world.routingChanges("quiet")).length;
    const quietBefore = await quietWrites();
    const name = kind === "Tenant" ? world.tenantOf("acme") : world.grantName("acme");
    const base = manifestOf(type, name, specOf(world));
    const outcome = { taken: 0, refused: 0, silent: [] as string[], strayed: [] as string[] };
    const seen = seenBy(world, probe);
    for (const mutation of [...mutationsOf(base, [["spec"]]), deletionOf(base)]) {
      const refusal = await world.refusalOf(write(world, type, mutation));
      if (refusal !== undefined) {
        outcome.refused += 1;
        if (!namesField(refusal, mutation)) outcome.silent.push(mutation.name);
        continue;
      }
      outcome.taken += 1;
      await seen(mutation.name);
      await world.apply(type, base);
      const after = await untilEqual(read, fresh);
      if (!jsonEqual(after, fresh)) outcome.strayed.push(`${mutation.name}: ${JSON.stringify(after)}`);
    }
    const writesOfOthers = (await quietWrites()) - quietBefore;
    report({
      row: "O15",
      server: serverName,
      fault: `every field of a ${kind} changed, removed, put back (Acto), with grants enforced`,
      asked:
        "taken or refused in words; afterwards the state of a fresh apply; nobody else's routing written",
      seen: `${outcome.taken} taken, ${outcome.refused} refused; ${outcome.strayed.length} ended elsewhere, ${writesOfOthers} writes of others`,
      reached: outcome.strayed.length === 0 && writesOfOthers === 0,
    });
    expect(outcome.strayed).toEqual([]);
    expect(outcome.silent).toEqual([]);
    expect(writesOfOthers).toBe(0);
    expect(outcome.taken).toBeGreaterThan(10);
    // What is revoked leaves the routing, whoever asks for it (I2).
    const broken = await world.history.settledViolations({ isGranted });
    expect(broken.filter((text) => !text.startsWith("I2"))).toEqual([]);
  },
  600_000,
);

/** What no grant of these, however it is changed, lets in: an agent of a name that only other channels' grants have. */
function isGranted({ agent, channel }: HistoricWire): boolean {
  return channel === "acme" ? agent !== "other" && agent !== "probe" : true;
}

function tenantSpec(world: World): object {
  return {
    id: world.tenantOf("acme"),
    namespaces: [world.namespace, "shared-*"],
    channels: ["web", "ivr"],
    quota: { channels: 10, agents: 50 },
  };
}

function grantSpec(world: World): object {
  const { namespace } = world;
  return {
    providers: [
      { namespace, agent: "billing" },
      { namespace, agent: "press" },
      { namespace, agent: "nobody", serviceAccount: "robot" },
    ],
    capabilities: ["bill", "new*"],
    versions: ">=1.0.0 <2.0.0",
    tenants: [world.tenantOf("acme"), "some-*"],
  };
}

/** Two agents that acme is wired to, and a channel that has nothing to do with any of it. */
async function applyScene(world: World): Promise<void> {
  const own = (agent: string, channel: string): object => {
    return {
      providers: [{ namespace: world.namespace, agent }],
      capabilities: [agent],
      tenants: [world.tenantOf(channel)],
    };
  };
  await world.tenant("acme", tenantSpec(world));
  await world.grant("acme", grantSpec(world));
  for (const [agent, channel] of [
    ["other", "quiet"],
    ["probe", "probe"],
  ] as const) {
    await world.tenant(channel);
    await world.grant(channel, own(agent, channel));
    await world.agent(agent, [`${agent}@1.0.0`]);
    await world.channel(channel, [`${agent}@^1.0.0`]);
  }
  await world.agent("billing", ["bill@1.2.0"]);
  await world.agent("press", ["news@1.0.0"]);
  await world.channel("acme", ["bill@^1.0.0", "news@^1.0.0"]);
  await world.untilWired("quiet", ["other/other@1.0.0"]);
  await world.untilWired("probe", ["probe/probe@1.0.0"]);
  await world.untilWired("acme", ["billing/bill@1.2.0", "press/news@1.0.0"]);
}

/** Lets the channel probe have its wire, or not. */
type Probe = (world: World, open: boolean) => Promise<void>;

function probeTenant(world: World, open: boolean): Promise<void> {
  return world.tenant("probe", { namespaces: open ? [world.namespace] : [] });
}

function probeGrant(world: World, open: boolean): Promise<void> {
  const { namespace } = world;
  const providers = [{ namespace, agent: "probe" }];
  const tenants = open ? [world.tenantOf("probe")] : [];
  return world.grant("probe", { providers, capabilities: ["probe"], tenants });
}

/** Until the operator has seen all changes of that kind before now. */
function seenBy(world: World, probe: Probe): (after: string) => Promise<void> {
  let open = true;
  return async (after) => {
    open = !open;
    await probe(world, open);
    const isThere = async (): Promise<boolean> => (await world.routing("probe")) !== undefined;
    await eventually(`the operator sees ${after}`, async () => (await isThere()) === open, 60_000);
  };
}

function manifestOf({ group, version, kind }: ResourceType, name: string, spec: object): Manifest {
  return { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec };
}

function deletionOf(object: Manifest): Mutation<Manifest> {
  return { name: "all of it removed", object: { ...object, spec: gone } };
}
/** Marks what is to be deleted as a whole. */
const gone = {};

async function write(world: World, type: ResourceType, { object }: Mutation<Manifest>): Promise<void> {
  if (object.spec === gone) await world.client.delete(type, { name: object.metadata.name }, { signal });
  else await world.apply(type, object);
}

async function stateOf(world: World): Promise<unknown> {
  const agents = await Promise.all(
    ["billing", "press"].map((name) =>
      world.client.get(agentKind, { namespace: world.namespace, name }, { signal }),
    ),
  );
  return masked({ agents, channel: await world.status("acme"), routing: await world.routing("acme") });
}
