/**
 * Row S1 with fifty tenants: after every edit of who may provide what to whom, of versions, names and channels, and after
 * crashes that forget what was wired, no routing has an agent that is not granted to its tenant, and no turn reaches one.
 * `LMOS_TENANT_STATES=1000000` makes it the row's size.
 */
import { type CurrentWire, type Provider, resolveChannel, type Strategy, type Wire } from "@lmos/resolver";
import type { CapabilityGrant, ChannelRouting } from "@lmos/resources";
import { SeededRandom } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { type GrantKnowledge, grantedRouting } from "../../packages/runtime/src/grants/granted-routing.ts";
import { type RoutingSnapshot, routedAgentsOf } from "../../packages/runtime/src/routing/snapshot.ts";
import { grantOf } from "../../packages/runtime/src/testing/grants.ts";
import { routingOf } from "../../packages/runtime/src/testing/routings.ts";
import { turnOf } from "../../packages/runtime/src/testing/turns.ts";
import { type TenantChecks, tenantChecks } from "../../packages/runtime/src/turn/tenant-checks.ts";
import type { Turn } from "../../packages/runtime/src/turn/turn.ts";

const states = Number(process.env["LMOS_TENANT_STATES"] ?? 10_000);
const tenants = Array.from({ length: 50 }, (_, at) => `tenant-${at}`);
const agentCount = 30;
const names = ["billing", "orders", "help"];
const versions = ["1.0.0", "1.2.0", "2.0.0", "999.0.0", "1.0", "none"];
const strategies: readonly Strategy[] = ["HIGHEST", "LOWEST", "MOST_SIMILAR", "STICKY"];

class Chance {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  below(bound: number): number {
    return Math.floor(this.#random.next() * bound);
  }

  of<T>(some: readonly [T, ...T[]] | readonly T[]): T {
    const one = some[this.below(some.length)];
    if (one === undefined) throw new TypeError("there is none");
    return one;
  }

  /** One in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }
}

/** An agent whose capabilities are granted to a few tenants, to all, or to none, whatever it claims itself. */
function randomProvider(at: number, chance: Chance): Provider {
  const someTenants = (): readonly string[] =>
    Array.from({ length: chance.below(6) }, () => chance.of(tenants));
  const capabilities = Array.from({ length: 1 + chance.below(3) }, () => {
    const name = chance.of(names);
    const grantedTo = chance.oneIn(20) ? ["*"] : someTenants();
    return { id: name, name, version: chance.of(versions), description: name, examples: [], grantedTo };
  });
  return {
    name: `agent-${at}`,
    description: "",
    host: `agent-${at}.default.svc.cluster.local`,
    subset: "stable",
    tenants: chance.oneIn(2) ? [] : someTenants(),
    channels: chance.oneIn(10) ? [] : ["web"],
    ready: !chance.oneIn(10),
    capabilities,
  };
}

/** Which checks are in force. */
interface InForce {
  /** The operator wires an agent to the tenants alone to whom it is granted. */
  readonly operator: boolean;
  /** The runtime asks the grants itself, whatever the operator wired. */
  readonly grants: boolean;
  readonly runtime: TenantChecks;
}

const all: InForce = { operator: true, grants: true, runtime: tenantChecks };

/** Agents and routings as they are at one moment. */
class World {
  readonly providers: Provider[];
  /** Of each of them. */
  readonly #grants: (readonly CapabilityGrant[])[];
  readonly #chance: Chance;
  readonly #routings = new Map<
    string,
    { readonly wires: readonly Wire[]; readonly routing: ChannelRouting }
  >();

  constructor(chance: Chance) {
    this.#chance = chance;
    this.providers = Array.from({ length: agentCount }, (_, at) => randomProvider(at, chance));
    this.#grants = this.providers.map(grantsOf);
  }

  edit(): void {
    const at = this.#chance.below(agentCount);
    const provider = randomProvider(at, this.#chance);
    this.providers[at] = provider;
    this.#grants[at] = grantsOf(provider);
  }

  /** The operator starts anew, and knows no wire that is in force. */
  crash(): void {
    this.#routings.clear();
  }

  resolve(tenant: string, { operator }: InForce): ChannelRouting {
    const before = this.#routings.get(tenant)?.wires ?? [];
    const current: readonly CurrentWire[] = before.map(({ requirement: { name, range }, provider }) => ({
      ...{ name, range, provider: provider.name },
    }));
    const { wires } = resolveChannel({
      channel: { tenant, channel: "web", subset: "stable" },
      requirements: names.map((name) => ({
        ...{ id: name, name, range: this.#chance.of([">=1.0.0", "^1.0.0", "*"]) },
        strategy: this.#chance.of(strategies),
      })),
      providers: operator ? this.providers : this.providers.map(ungranted),
      current,
    });
    const agents = wires.map(({ provider: { name, host }, capability }) => ({ name, host, capability }));
    const routing = routingOf(agents, { tenant });
    this.#routings.set(tenant, { wires, routing });
    return routing;
  }

  /** What a runtime serves the tenant with now. */
  servedTo(tenant: string, { grants }: InForce): RoutingSnapshot | undefined {
    const routing = this.#routings.get(tenant)?.routing;
    if (routing === undefined) return undefined;
    return snapshotOf(tenant, grants ? grantedRouting(routing, this.#grantKnowledge()).routing : routing);
  }

  #grantKnowledge(): GrantKnowledge {
    return { hasTenants: false, tenant: undefined, grants: this.#grants.flat() };
  }

  /** Whether the agent has been granted a capability of that name to the tenant, and claims no other tenants. */
  mayServe(tenant: string, agent: string, capability: string): boolean {
    const provider = this.providers.find(({ name }) => name === agent);
    if (provider === undefined) return false;
    const isClaimed = provider.tenants.length === 0 || provider.tenants.includes(tenant);
    const isGranted = provider.capabilities.some(
      ({ name, grantedTo = [] }) =>
        name === capability && (grantedTo.includes("*") || grantedTo.includes(tenant)),
    );
    return isClaimed && isGranted;
  }
}

function snapshotOf(tenant: string, routing: ChannelRouting | undefined): RoutingSnapshot {
  return {
    identity: { tenant, channel: "web", subset: "stable" },
    hash: tenant,
    agents: routing === undefined ? [] : routedAgentsOf(routing),
    settings: {},
    classifier: undefined,
  };
}

/** The CapabilityGrants by which an administrator says what the provider is granted. */
function grantsOf({ name: agent, capabilities }: Provider): readonly CapabilityGrant[] {
  return capabilities.map(({ name, grantedTo = [] }) =>
    grantOf(`${agent}-${name}`, {
      ...{ providers: [{ namespace: "default", agent }], capabilities: [name], tenants: grantedTo },
    }),
  );
}

/** For an operator that asks no grants. What an agent says itself of whom it serves still counts: it is no check. */
function ungranted(provider: Provider): Provider {
  const capabilities = provider.capabilities.map((each) => ({ ...each, grantedTo: undefined }));
  return { ...provider, capabilities };
}

/** What went where it must not: wires, and turns of users. */
interface Leaks {
  wired: number;
  wires: number;
  reached: number;
  turns: number;
}

/** Capabilities of agents in a routing that may not serve the tenant. */
function wrongIn(world: World, routing: Pick<RoutingSnapshot, "agents">, tenant: string): number {
  return routing.agents
    .flatMap(({ name, capabilities }) => capabilities.map((each) => ({ name, capability: each.name })))
    .filter(({ name, capability }) => !world.mayServe(tenant, name, capability)).length;
}

/** Runs so many states; doors and lookups are mistaken now and then where `mistaken` says so. */
function run(count: number, inForce: InForce, { seed = 1, mistaken = true } = {}): Leaks {
  const chance = new Chance(seed);
  const world = new World(chance);
  const leaks: Leaks = { wired: 0, wires: 0, reached: 0, turns: 0 };
  const orMistaken = (tenant: string): string => (mistaken && chance.oneIn(10) ? chance.of(tenants) : tenant);
  for (let state = 0; state < count; state++) {
    world.edit();
    if (chance.oneIn(50)) world.crash();
    const home = chance.of(tenants);
    const resolved = snapshotOf(home, world.resolve(home, inForce));
    leaks.wires += resolved.agents.length;
    leaks.wired += wrongIn(world, resolved, home);
    const entered = orMistaken(home);
    const found = world.servedTo(orMistaken(entered), inForce);
    const turn = turnOf({ tenant: entered, owner: { issuer: "i", subject: "u", tenant: home } });
    if (found === undefined || !isLetIn(turn, found, inForce.runtime)) continue;
    leaks.turns += 1;
    leaks.reached += found.identity.tenant === home ? wrongIn(world, found, home) : found.agents.length;
  }
  return leaks;
}

function isLetIn(turn: Turn, found: RoutingSnapshot, checks: TenantChecks): boolean {
  return checks.isUserOfTenant(turn) && checks.isRoutingOfTenant(turn, found);
}

const without = (check: keyof TenantChecks): InForce => ({
  ...all,
  runtime: { ...tenantChecks, [check]: () => true },
});

describe("S1 fifty tenants", () => {
  test(`have nothing of each other in ${states} states`, { timeout: 600_000 }, () => {
    const { wires, turns, ...leaks } = run(states, all);
    expect(leaks).toEqual({ wired: 0, reached: 0 });
    expect(wires).toBeGreaterThan(states / 4);
    expect(turns).toBeGreaterThan(states / 2);
  });

  test.each([2, 3, 4])("have nothing of each other, whatever the edits are (seed %i)", (seed) => {
    expect(run(2000, all, { seed })).toMatchObject({ wired: 0, reached: 0 });
  });

  test.each([
    { name: "the operator's check of grants", inForce: { ...all, operator: false } },
    { name: "the runtime's check of grants", inForce: { ...all, grants: false } },
    { name: "the check of the routing's tenant", inForce: without("isRoutingOfTenant") },
    { name: "the check of the user's tenant", inForce: without("isUserOfTenant") },
  ])(
    `do not meet in ${states} states when $name alone is taken away`,
    { timeout: 600_000 },
    ({ inForce }) => {
      const { reached, turns } = run(states, inForce, { mistaken: false });
      expect(reached).toBe(0);
      expect(turns).toBeGreaterThan(states / 2);
    },
  );

  test.each([
    { name: "the operator's check of grants", inForce: { ...all, operator: false } },
    { name: "the runtime's check of grants", inForce: { ...all, grants: false } },
  ])("do not meet when $name is taken away, though doors and lookups are mistaken", ({ inForce }) => {
    expect(run(2000, inForce).reached).toBe(0);
  });

  test.each([
    { name: "check of the routing's tenant", inForce: without("isRoutingOfTenant") },
    { name: "check of the user's tenant", inForce: without("isUserOfTenant") },
    { name: "check of grants on either side", inForce: { ...all, operator: false, grants: false } },
  ])("meet when there is no $name and something is mistaken", ({ inForce }) => {
    expect(run(2000, inForce).reached).toBeGreaterThan(20);
  });

  test("meet all the more when all are taken away", () => {
    const runtime = { isRoutingOfTenant: () => true, isUserOfTenant: () => true };
    expect(run(2000, { operator: false, grants: false, runtime }).reached).toBeGreaterThan(1000);
  });
});
