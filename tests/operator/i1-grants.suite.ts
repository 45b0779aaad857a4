/**
 * I1 over a whole history: grants, Tenants, agents and channels change in an order of chance while the operator is killed and
 * started again. No routing ever names an agent that was not granted in the two seconds before, what is revoked leaves
 * within them, and in the end a new operator has nothing to write.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Operator, OperatorOptions } from "@lmos/operator";
import { systemClock } from "@lmos/primitives";
import { capabilityGrantKind } from "@lmos/resources";
import { isMutating, mutationsOf, SeededRandom, startHttpProxy } from "@lmos/testing";
import { expect, it } from "vitest";
import { z } from "zod";
import { clientFor, type ServerAccess, upstreamOf } from "../faults/harness/access.ts";
import { eventually } from "../faults/harness/eventually.ts";
import { allowedMs, report, seconds } from "../faults/harness/figures.ts";
import { GrantLedger, type LedgerGrant } from "./harness/grant-ledger.ts";
import type { HistoricWire } from "./harness/history.ts";
import { OperatorWorld } from "./harness/operator-world.ts";
import { startOperatorProgram } from "./harness/start-operator-program.ts";
import { testServers } from "./operations/test-servers.ts";

const seed = 20_261_130;
const rounds = 5;
const changesPerRound = 25;
const askedMs = 2_000;
/** What a busy machine may add to that before the suite fails; the report goes by what is asked. */
const patienceMs = 10_000;

const agents = ["a0", "a1", "a2"];
const channels = ["c0", "c1", "c2"];
const capabilities = ["alpha", "beta"];

it.concurrent.each(testServers)(
  "I1 on the $name API server: no routing names what is not granted, whatever changes in which order",
  async ({ name, start }) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await start());
    const world = stack.use(await OperatorWorld.make(server, "i1"));
    const chaos = new Chaos(world, new SeededRandom(seed));
    await chaos.prepare();
    const waits: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await using operator = await startOperatorProgram(server, stack, [world.namespace, "enforce"]);
      for (let change = 0; change < changesPerRound; change += 1) await chaos.change();
      waits.push(await chaos.withdrawAll());
      await operator.kill();
      await chaos.change(); // while nobody looks
    }
    const writes = await writesOfRestart(server, world, stack);
    await world.history.settledViolations();
    const asked = brokenWithin(askedMs, { world, chaos });
    const slowest = Math.max(...waits);
    report({
      row: "I1",
      server: name,
      fault: "grants, Tenants, agents and channels change by chance; the operator is killed now and then",
      asked:
        "no routing names what was not granted; what is revoked is gone <= 2 s; 0 writes after a restart",
      seen: `${asked.length} states of ${world.history.count("channelroutings")} broke it; gone after ${seconds(slowest)}; ${writes.length} writes`,
      reached: asked.length === 0 && slowest <= askedMs && writes.length === 0,
    });
    expect(brokenWithin(allowedMs(askedMs, chaos.slowestNewsMs()), { world, chaos })).toEqual([]);
    expect(writes).toEqual([]);
    expect(slowest).toBeLessThan(patienceMs);
    expect(world.history.count("channelroutings")).toBeGreaterThan(20);
  },
  600_000,
);

/** What no grant of that time before allowed, and whatever else was broken; what is revoked leaves the routing (I2). */
function brokenWithin(
  withinMs: number,
  { world, chaos }: { readonly world: OperatorWorld; readonly chaos: Chaos },
): readonly string[] {
  const isGranted = (wire: HistoricWire): boolean => chaos.ledger.wasGranted(wire, withinMs);
  return world.history.violations({ isGranted }).filter((text) => !text.startsWith("I2"));
}

/** What an operator writes that sees everything for the first time, once one before it has done all there was to do. */
async function writesOfRestart(
  server: ServerAccess,
  world: OperatorWorld,
  stack: AsyncDisposableStack,
): Promise<readonly string[]> {
  const last = await operateUntilSettled(world);
  await last[Symbol.asyncDispose]();
  const proxy = stack.use(await startHttpProxy({ upstream: upstreamOf(server), clock: systemClock }));
  const client = stack.use(clientFor({ server: proxy.url, namespace: world.namespace }));
  await operateUntilSettled(world, { client });
  return mutationsOf(proxy.history, isMutating).map(({ request }) => `${request.verb} ${request.path}`);
}

/** Ten seconds after it has seen everything: whatever waits for rest is written by then. */
async function operateUntilSettled(
  world: OperatorWorld,
  options: Partial<OperatorOptions> = {},
): Promise<Operator> {
  const { promise: settled, resolve: onSettled } = Promise.withResolvers<void>();
  const operator = await world.operate({ ...options, grants: "enforce", onSettled });
  await settled;
  return operator;
}

const offerSchema = z.object({ providedCapabilities: z.array(z.object({ version: z.string() })) });

/** Changes one thing after the other. What was granted when stands in its ledger. */
class Chaos {
  readonly ledger = new GrantLedger();
  readonly #world: OperatorWorld;
  readonly #random: SeededRandom;
  /** When each version of an agent was sent. */
  readonly #offered = new Map<number, number>();
  #versions = 0;

  constructor(world: OperatorWorld, random: SeededRandom) {
    this.#world = world;
    this.#random = random;
  }

  async prepare(): Promise<void> {
    for (const channel of channels) await this.#world.tenant(channel);
    for (const agent of agents) await this.#offer(agent);
    await this.#world.agent("squatter", ["alpha@1.999.0", "beta@2.999.0"]);
    for (const channel of channels) await this.#require(channel);
  }

  async change(): Promise<void> {
    const changes = [
      ...Array.from({ length: 4 }, () => () => this.#grant()),
      ...Array.from({ length: 2 }, () => () => this.#revoke()),
      ...Array.from({ length: 2 }, () => () => this.#offer(this.#oneOf(agents))),
      () => this.#require(this.#oneOf(channels)),
      () => this.#trust(this.#oneOf(channels)),
      () => this.#distrust(this.#oneOf(channels)),
    ];
    await this.#oneOf(changes)();
    await sleep(this.#random.next() * 120);
  }

  /** Takes every channel from its tenant, and gives it back; milliseconds until no routing was left in between. */
  async withdrawAll(): Promise<number> {
    for (const channel of channels) await this.#distrust(channel);
    const tookMs = await eventually("what is revoked has left", () => this.#isAllGranted(), 30_000);
    for (const channel of channels) await this.#trust(channel);
    return tookMs;
  }

  /** The longest that one of our own writes took to be heard of: what server, machine and watch add by themselves. */
  slowestNewsMs(): number {
    const heard = this.#world.history.entries.flatMap(({ plural, object, atMs }) => {
      const offer = plural === "agents" ? offerSchema.parse(object.spec).providedCapabilities[0] : undefined;
      const sentMs = this.#offered.get(Number(offer?.version.split(".")[1]));
      return sentMs === undefined ? [] : [[sentMs, atMs - sentMs] as const];
    });
    return Math.max(0, ...new Map(heard.toReversed()).values()); // of each version when it was first heard of
  }

  async #isAllGranted(): Promise<boolean> {
    const wires = await Promise.all(channels.map((channel) => this.#wiresOf(channel)));
    return wires.flat().every((wire) => this.ledger.isGranted(wire));
  }

  async #wiresOf(channel: string) {
    const groups = (await this.#world.routing(channel))?.spec.capabilityGroups ?? [];
    return groups.flatMap(({ name: agent, capabilities: wired }) =>
      wired.map(({ name: capability, providedVersion: version }) => {
        return { channel, agent, capability, version };
      }),
    );
  }

  #offer(agent: string): Promise<void> {
    this.#versions += 1;
    this.#offered.set(this.#versions, performance.now());
    const major = this.#oneOf([1, 1, 2]);
    return this.#world.agent(
      agent,
      capabilities.map((capability) => `${capability}@${major}.${this.#versions}.0`),
    );
  }

  #require(channel: string): Promise<void> {
    const ranges = capabilities.map(
      (capability) => `${capability}@${this.#oneOf(["*", ">=1.0.0", "^1.0.0"])}`,
    );
    const activationPolicy = this.#oneOf(["KeepLastGood", "KeepLastGood", "Partial", "Fail"]);
    return this.#world.channel(channel, ranges, { activationPolicy });
  }

  #grant(): Promise<void> {
    const name = this.#oneOf(["g0", "g1", "g2", "g3"]);
    const grant: LedgerGrant = {
      agents: this.#someOf(agents),
      capabilities: this.#someOf(capabilities),
      major: this.#oneOf([[], [], [1], [2]])[0],
      channels: this.#someOf(channels),
    };
    const { namespace } = this.#world;
    const spec = {
      providers: grant.agents.map((agent) => ({ namespace, agent })),
      capabilities: grant.capabilities,
      tenants: grant.channels.map((channel) => this.#world.tenantOf(channel)),
      ...(grant.major === undefined ? {} : { versions: `^${grant.major}.0.0` }),
    };
    return this.ledger.record({ kind: "grant", name, grant }, () => this.#world.grant(name, spec));
  }

  #revoke(): Promise<void> {
    const name = this.#oneOf(["g0", "g1", "g2", "g3"]);
    const key = { name: this.#world.grantName(name) };
    const { signal } = new AbortController();
    return this.ledger.record({ kind: "revoke", name }, () =>
      this.#world.client.delete(capabilityGrantKind, key, { signal }),
    );
  }

  #trust(channel: string): Promise<void> {
    return this.ledger.record({ kind: "trust", channel }, () => this.#world.tenant(channel));
  }

  #distrust(channel: string): Promise<void> {
    const elsewhere = { namespaces: ["elsewhere"] };
    return this.ledger.record({ kind: "distrust", channel }, () => this.#world.tenant(channel, elsewhere));
  }

  #someOf<T>(all: readonly T[]): readonly T[] {
    const some = all.filter(() => this.#random.next() < 0.6);
    return some.length === 0 ? [this.#oneOf(all)] : some;
  }

  #oneOf<T>(all: readonly T[]): T {
    const one = all[Math.floor(this.#random.next() * all.length)];
    if (one === undefined) throw new Error("nothing to choose from");
    return one;
  }
}
