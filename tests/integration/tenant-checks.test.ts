/**
 * Row S1: two tenants with agents of equal names, 50 users, random turns, and a fault at each of the three places that keep
 * tenants apart: an agent that claims any version, a lookup that finds another tenant's routing, a door that lets a user
 * into another tenant. With all checks nothing crosses; each of them is missed when it alone is taken away.
 */
import { silentLogger } from "@lmos/primitives";
import { type Provider, resolveChannel } from "@lmos/resolver";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import type { AgentCall, AgentReply } from "../../packages/runtime/src/agents/agent-connection.ts";
import { EndpointHealth } from "../../packages/runtime/src/agents/endpoint-health.ts";
import { RetryBudget } from "../../packages/runtime/src/agents/retry-budget.ts";
import { createConversations } from "../../packages/runtime/src/conversation/stored-conversations.ts";
import { defaultLimits } from "../../packages/runtime/src/limits.ts";
import { type RoutingSnapshot, routedAgentsOf } from "../../packages/runtime/src/routing/snapshot.ts";
import { silentMetrics } from "../../packages/runtime/src/testing/metrics.ts";
import { connectionOf } from "../../packages/runtime/src/testing/replies.ts";
import { routingOf } from "../../packages/runtime/src/testing/routings.ts";
import { turnOf } from "../../packages/runtime/src/testing/turns.ts";
import { runTurn } from "../../packages/runtime/src/turn/run-turn.ts";
import { type TenantChecks, tenantChecks } from "../../packages/runtime/src/turn/tenant-checks.ts";
import type { Turn, TurnEvent } from "../../packages/runtime/src/turn/turn.ts";

const tenants = ["acme", "globex"] as const;
type Tenant = (typeof tenants)[number];
const users = 50;
const turns = 400;

/** Which checks are in force. */
interface InForce {
  /** The operator wires an agent to the tenants alone that it may serve. */
  readonly operator: boolean;
  readonly runtime: TenantChecks;
}

const all: InForce = { operator: true, runtime: tenantChecks };

/** Each tenant's agent; globex' claims a version that would win everywhere. */
const providers: readonly Provider[] = tenants.map((tenant) => ({
  name: "helper",
  description: "Helps",
  host: tenant,
  subset: "stable",
  tenants: [tenant],
  channels: ["web"],
  capabilities: [
    {
      id: "help",
      name: "help",
      version: tenant === "globex" ? "999.0.0" : "1.0.0",
      description: "Helps",
      examples: [],
    },
  ],
}));

/** What the resolver wires the tenant's channel to. */
function snapshotOfTenant(tenant: Tenant, { operator }: InForce): RoutingSnapshot {
  const resolution = resolveChannel({
    channel: { tenant, channel: "web", subset: "stable" },
    requirements: [{ id: "help", name: "help", range: ">=1.0.0", strategy: "HIGHEST" }],
    providers: operator ? providers : providers.map((provider) => ({ ...provider, tenants: [] })),
  });
  const agents = resolution.wires.map(({ provider: { name, host } }) => ({ name, host }));
  const identity = { tenant, channel: "web", subset: "stable" };
  return {
    identity,
    hash: tenant,
    agents: routedAgentsOf(routingOf(agents, { tenant })),
    settings: {},
    classifier: undefined,
  };
}

const other = (tenant: string): Tenant => (tenant === "acme" ? "globex" : "acme");

const marker = (tenant: string, user: number): string => `secret-of-${tenant}-${user}.`;

/** Runs all turns; whatever reached the other tenant. */
async function crossings(inForce: InForce, seed: number): Promise<readonly string[]> {
  const random = new SeededRandom(seed);
  const crossed: string[] = [];
  const clock = new FakeClock();
  const snapshots = new Map<string, RoutingSnapshot>(
    tenants.map((tenant) => [tenant, snapshotOfTenant(tenant, inForce)]),
  );
  const services = {
    routings: {
      // a lookup that is mistaken now and then
      find: ({ tenant }: { readonly tenant: string }) =>
        snapshots.get(random.next() < 0.2 ? other(tenant) : tenant),
    },
    endpoints: { urlsOf: (host: string) => [host] },
    connection: connectionOf((call) => answerTo(call, crossed)),
    conversations: createConversations(1000, undefined),
    metrics: silentMetrics,
    limits: defaultLimits,
    health: new EndpointHealth({ clock, random }),
    retries: new RetryBudget(),
    checks: inForce.runtime,
    clock,
    logger: silentLogger,
  };
  for (let each = 0; each < turns; each++) {
    const user = Math.floor(random.next() * users);
    const home = tenants[user % 2] ?? "acme";
    // a door that is mistaken now and then
    const tenant = random.next() < 0.2 ? other(home) : home;
    const turn = turnOf({
      tenant,
      owner: { issuer: "i", subject: `user-${user}`, tenant: home },
      userId: `user-${user}`,
      conversationId: `c${Math.floor(random.next() * 3)}`,
      turnId: `t${each}`,
      explicitAgent: "helper",
      history: random.next() < 0.5 ? "server" : "client",
      messages: [{ role: "user", content: marker(home, user), format: "text" }],
    } satisfies Partial<Turn>);
    for await (const event of runTurn(turn, services, { signal: new AbortController().signal })) {
      crossed.push(...crossingsIn(event, home, user));
    }
  }
  return crossed;
}

/** An agent that repeats what it is told, and tells of what it should not have been told. */
async function* answerTo({ url, request }: AgentCall, crossed: string[]): AsyncGenerator<AgentReply> {
  if (JSON.stringify(request).includes(`secret-of-${other(url)}-`)) crossed.push(`${url} was told`);
  const content = `${url} answers ${request.messages.map((message) => message.content).join(" ")}`;
  const messages = [{ role: "assistant", content, format: "text" }] as const;
  yield {
    kind: "result",
    result: { type: "MESSAGE", responseTime: 0, messages, context: [], toolCalls: [] },
  };
  yield { kind: "completed" };
}

/** What a user of that tenant should not have been shown. */
function crossingsIn(event: TurnEvent, home: Tenant, user: number): readonly string[] {
  const crossed: string[] = [];
  if (JSON.stringify(event).includes(`secret-of-${other(home)}-`)) crossed.push(`${home} was shown`);
  if (event.kind !== "message") return crossed;
  if (!event.content.startsWith(home)) crossed.push(`${home} was answered`);
  if (othersMarkers(event.content, home, user)) crossed.push("another user's");
  return crossed;
}

function othersMarkers(content: string, home: string, user: number): boolean {
  const markers = content.match(/secret-of-\w+-\d+\./g) ?? [];
  return markers.some((each) => each !== marker(home, user));
}

const without = (check: keyof TenantChecks): InForce => ({
  ...all,
  runtime: { ...tenantChecks, [check]: () => true },
});

describe("S1 two tenants", () => {
  test.each([1, 2, 3, 4, 5])("never meet, whatever fails (seed %i)", async (seed) => {
    expect(await crossings(all, seed)).toEqual([]);
  });

  test.each([
    { name: "the operator's check", inForce: { ...all, operator: false } },
    { name: "the check of the routing's tenant", inForce: without("isRoutingOfTenant") },
    { name: "the check of the user's tenant", inForce: without("isUserOfTenant") },
  ])("meet when $name is taken away", async ({ inForce }) => {
    const seen = await Promise.all([1, 2, 3].map((seed) => crossings(inForce, seed)));
    for (const crossed of seen) expect(crossed.length).toBeGreaterThan(10);
  });

  test("meet all the more when all are taken away", async () => {
    const runtime = { isRoutingOfTenant: () => true, isUserOfTenant: () => true };
    expect((await crossings({ operator: false, runtime }, 1)).length).toBeGreaterThan(50);
  });
});
