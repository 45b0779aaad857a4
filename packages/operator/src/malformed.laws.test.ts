/**
 * Rows O15 and O16 as laws: objects that make no sense harm nothing but themselves and what needs them, whatever is in
 * them; and once they are gone, it is as if they had never been there.
 */
import { type Agent, agentKind, type Channel, channelKind, conditionOf } from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createAgentReconciler } from "./agent/reconciler.ts";
import { createChannelReconciler } from "./channel/reconciler.ts";
import { FakeCluster } from "./testing/fake-cluster.ts";
import { agentOf, channelOf } from "./testing/objects.ts";

const { signal } = new AbortController();
const key = (name: string) => ({ namespace: "default", name });

const text = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "bill",
    "Bill",
    "b\u0456ll",
    "\u202ellib",
    "bi\u200bll",
    "cafe\u0301",
    "__proto__",
    "constructor",
    "*",
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const version = fc.oneof(
  fc.constantFrom(
    "1.0",
    "v1",
    "01.2.3",
    "latest",
    "",
    "1.0.0",
    "999.0.0",
    "1.0.0-rc.1",
    "9".repeat(200),
    "1.0.0+b".repeat(20),
  ),
  text,
);
const range = fc.oneof(
  fc.constantFrom(
    "",
    "*",
    "banana",
    ">=1.0.0",
    "[1.0,2.0[",
    "(,",
    "^1 || ".repeat(40),
    ">1 <1",
    "1".repeat(200),
  ),
  text,
);
const requirement = fc.record(
  {
    name: text,
    version: range,
    strategy: fc.constantFrom("HIGHEST", "MOST_SIMILAR", "LOWEST", "STICKY"),
    resolution: fc.constantFrom("mandatory", "optional"),
    cardinality: fc.constantFrom("single", "multiple"),
    filter: fc.oneof(
      text,
      fc.constantFrom("true", "attributes.a == 'b'", "attributes.all(a, true)", "1/0", "(("),
    ),
  },
  { requiredKeys: ["name", "version"] },
);
const labels = fc.dictionary(
  fc.constantFrom("tenant", "channel", "subset", "version"),
  fc.constantFrom("", "acme", "web", "stable", "x"),
);

const oddAgent: fc.Arbitrary<Agent> = fc
  .record({
    labels,
    spec: fc.record({
      supportedTenants: fc.array(text, { maxLength: 2 }),
      supportedChannels: fc.array(fc.oneof(fc.constant("web"), text), { maxLength: 2 }),
      providedCapabilities: fc.array(
        fc.record(
          {
            name: text,
            version,
            uses: fc.array(text, { maxLength: 2 }),
            mandatory: fc.array(text, { maxLength: 2 }),
          },
          { requiredKeys: ["name", "version"] },
        ),
        { maxLength: 4 },
      ),
      requiredCapabilities: fc.array(requirement, { maxLength: 2 }),
    }),
  })
  .map(({ labels: of, spec }) =>
    agentKind.parse({
      ...head("Agent"),
      metadata: { name: "odd-agent", namespace: "default", labels: of },
      spec,
    }),
  );

const oddChannel: fc.Arbitrary<Channel> = fc
  .record({
    labels,
    spec: fc.record(
      {
        requiredCapabilities: fc.array(requirement, { maxLength: 4 }),
        activationPolicy: fc.constantFrom("KeepLastGood", "Partial", "Fail"),
        pinnedRevision: fc.constantFrom(-1, 0, 1, 2 ** 40),
      },
      { requiredKeys: ["requiredCapabilities"] },
    ),
  })
  .map(({ labels: of, spec }) =>
    channelKind.parse({
      ...head("Channel"),
      metadata: {
        name: "odd-channel",
        namespace: "default",
        labels: of,
        generation: 1,
        creationTimestamp: "2026-01-01T00:00:00Z",
      },
      spec,
    }),
  );

function head(kind: string) {
  return { apiVersion: "lmos.eclipse/v1", kind };
}

/** A good agent and a good channel, and whoever looks after them. */
class World {
  readonly cluster = new FakeCluster();
  readonly clock = new FakeClock();
  readonly #options = {
    stores: this.cluster.stores,
    writers: this.cluster.writers,
    clock: this.clock,
    grants: "audit",
  } as const;
  readonly #agent = createAgentReconciler(this.#options);
  readonly #channel = createChannelReconciler(this.#options);

  constructor() {
    this.cluster.sync();
    this.cluster.agents.put(agentOf("good-agent", ["good@1.0.0"]));
    this.cluster.channels.put(
      channelOf("good-channel", ["good@^1.0.0"], {
        metadata: { ...channelOf("good-channel", []).metadata, creationTimestamp: "2020-01-01T00:00:00Z" },
      }),
    );
  }

  /** Everything is looked at, until nothing is to be written any more. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1) {
      for (const { metadata } of this.cluster.agents.list())
        await this.#agent(key(metadata.name), { signal });
      for (const { metadata } of this.cluster.channels.list()) {
        const requeue = await this.#channel(key(metadata.name), { signal });
        await this.clock.advance(requeue.kind === "after" ? Math.min(requeue.ms, 10_000) : 0);
      }
    }
  }

  /** What is said and wired of the good ones, without the numbers that writes are given. */
  good(): unknown {
    const routing = this.cluster.routings.get(key("good-channel"));
    return { routing: routing?.spec, status: this.cluster.channels.get(key("good-channel"))?.status };
  }
}

it("O15 O16 an object that makes no sense harms nobody else, and says what is wrong with it", async () => {
  const fresh = new World();
  await fresh.settle();
  expect(fresh.good()).toMatchObject({ status: { resolveStatus: "RESOLVED" } });
  await fc.assert(
    fc.asyncProperty(oddAgent, oddChannel, async (agent, channel) => {
      const world = new World();
      world.cluster.agents.put(agent);
      world.cluster.channels.put(channel);
      await world.settle();
      expect(world.good()).toEqual(fresh.good());
      const agentStatus = world.cluster.agents.get(key("odd-agent"))?.status;
      const channelStatus = world.cluster.channels.get(key("odd-channel"))?.status;
      expect(conditionOf(agentStatus?.conditions, "VersionsValid")).toBeDefined();
      expect(conditionOf(channelStatus?.conditions, "Resolved")).toBeDefined();
      expect(
        (channelStatus?.unresolvedRequiredCapabilities ?? []).every(({ reason }) => reason !== undefined),
      ).toBe(true);
    }),
    { numRuns: 200 },
  );
}, 60_000);

it("O15 after it is taken back, everything is as if it had never been there", async () => {
  const fresh = new World();
  await fresh.settle();
  await fc.assert(
    fc.asyncProperty(oddAgent, oddChannel, async (agent, channel) => {
      const world = new World();
      await world.settle();
      const before = world.good();
      world.cluster.agents.put({ ...agent, metadata: { ...agent.metadata, name: "odd-agent" } });
      world.cluster.channels.put(channel);
      await world.settle();
      world.cluster.agents.remove(key("odd-agent"));
      world.cluster.channels.remove(key("odd-channel"));
      world.cluster.routings.remove(key("odd-channel"));
      await world.settle();
      expect(world.good()).toEqual(before);
      const written = world.cluster.writes.length;
      await world.settle();
      expect(world.cluster.writes).toHaveLength(written);
    }),
    { numRuns: 100 },
  );
}, 60_000);
