/**
 * Rows S1 and S2 as laws: whatever tenants, grants, agents and channels come, change and go, in whichever order, nothing
 * is wired that is not granted; and an edit reaches every Channel that it concerns, so that looking at all of them again
 * changes nothing.
 */
import { matchesAnyGlob, matchesGlob } from "@lmos/primitives";
import { parseRange, parseVersion } from "@lmos/resolver";
import {
  type Agent,
  type Channel,
  type ChannelRouting,
  channelIdentityOf,
  tenantIdOf,
} from "@lmos/resources";
import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createChannelReconciler } from "../channel/reconciler.ts";
import { channelSources } from "../channel/sources.ts";
import { FakeCluster } from "../testing/fake-cluster.ts";
import { grantObject, tenantObject } from "../testing/grants.ts";
import { agentOf, channelOf, deploymentOf } from "../testing/objects.ts";

const { signal } = new AbortController();
const namespaces = ["one", "two"] as const;
const tenants = ["acme", "globex"] as const;
const capabilities = ["bill", "b\u0456ll", "news"] as const;

const namespace = fc.constantFrom(...namespaces);
const tenant = fc.constantFrom(...tenants);
const capability = fc.constantFrom(...capabilities);
const version = fc.constantFrom("1.0.0", "2.0.0", "999.0.0");

const provider = fc.record(
  {
    namespace: fc.constantFrom("one", "two", "*", "*", "o*"),
    agent: fc.constantFrom("a", "b", "*"),
    serviceAccount: fc.constantFrom("default", "robot"),
  },
  { requiredKeys: ["namespace"] },
);

type Edit = (cluster: FakeCluster, version: number) => void;

const grantEdit: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.constantFrom("g1", "g2", "g3"),
    providers: fc.array(provider, { minLength: 1, maxLength: 2 }),
    capabilities: fc.array(fc.constantFrom("bill", "b*", "news", "*", "b\u0456ll"), {
      minLength: 1,
      maxLength: 2,
    }),
    versions: fc.constantFrom(undefined, "^1.0.0", ">=1.0.0 <900.0.0", "banana"),
    tenants: fc.array(fc.constantFrom("acme", "globex", "*"), { minLength: 1, maxLength: 2 }),
  })
  .map(
    ({ name, ...spec }): Edit =>
      (cluster, at) =>
        cluster.grants.put(versioned(grantObject(name, spec), at)),
  );

const tenantEdit: fc.Arbitrary<Edit> = fc
  .record({
    name: tenant,
    namespaces: fc.constantFrom(["*"], ["one", "two"], ["one"], ["t*"], []),
    channels: fc.constantFrom(["*"], ["*"], ["web"], ["ivr"]),
    quota: fc.constantFrom(undefined, { channels: 1 }, { agents: 1 }, { channels: 2, agents: 2 }),
  })
  .map(
    ({ name, quota, ...spec }): Edit =>
      (cluster, at) => {
        const complete = { ...spec, ...(quota === undefined ? {} : { quota }) };
        cluster.tenants.put(versioned(tenantObject(name, complete), at));
      },
  );

const agentEdit: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.constantFrom("a", "b", "c"),
    namespace,
    claims: fc.array(fc.tuple(capability, version), { maxLength: 2 }),
    tenants: fc.subarray([...tenants]),
    needs: fc.option(capability, { nil: undefined, freq: 1 }),
    owned: fc.boolean(),
    age: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({ name, namespace: where, claims, needs, owned, age, ...rest }): Edit =>
      (cluster, at) => {
        const agent = agentOf(
          name,
          claims.map((claim) => claim.join("@")),
        );
        const owner = {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name,
          uid: `${name}-uid`,
          controller: true,
        };
        const required =
          needs === undefined ? [] : [{ id: "", name: needs, version: "*", strategy: "HIGHEST" as const }];
        cluster.agents.put(
          versioned(
            {
              ...agent,
              metadata: {
                ...agent.metadata,
                namespace: where,
                creationTimestamp: `2026-01-0${age + 1}T00:00:00Z`,
                ...(owned ? { ownerReferences: [owner] } : {}),
              },
              spec: { ...agent.spec, supportedTenants: rest.tenants, requiredCapabilities: required },
              status: { host: `${name}.${where}.svc.cluster.local` },
            },
            at,
          ),
        );
      },
  );

const deploymentEdit: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.constantFrom("a", "b"),
    namespace,
    serviceAccountName: fc.constantFrom("default", "robot"),
  })
  .map(
    ({ name, namespace: where, serviceAccountName }): Edit =>
      (cluster, at) => {
        const deployment = deploymentOf(name);
        const template = { ...deployment.spec.template, spec: { containers: [], serviceAccountName } };
        const metadata = { ...deployment.metadata, namespace: where };
        cluster.deployments.put(
          versioned({ ...deployment, metadata, spec: { ...deployment.spec, template } }, at),
        );
      },
  );

const channelEdit: fc.Arbitrary<Edit> = fc
  .record({
    name: fc.constantFrom("x", "y", "z"),
    namespace,
    tenant: fc.option(tenant, { nil: undefined, freq: 6 }),
    channel: fc.constantFrom("web", "web", "ivr"),
    needs: fc.array(fc.tuple(capability, fc.constantFrom("*", "^1.0.0")), { maxLength: 2 }),
    activationPolicy: fc.constantFrom(undefined, "Partial" as const, "Fail" as const),
    pinnedRevision: fc.option(fc.constantFrom(1, 2), { nil: undefined, freq: 6 }),
    age: fc.integer({ min: 0, max: 3 }),
  })
  .map(
    ({ name, namespace: where, tenant: of, channel, needs, age, ...more }): Edit =>
      (cluster, at) => {
        const made = channelOf(
          name,
          needs.map((need) => need.join("@")),
        );
        const before = cluster.channels.get({ namespace: where, name });
        const creationTimestamp = before?.metadata.creationTimestamp ?? `2026-01-0${age + 1}T00:00:00Z`;
        const labels: Record<string, string> = {
          channel,
          subset: "stable",
          ...(of === undefined ? {} : { tenant: of }),
        };
        const metadata = { ...made.metadata, namespace: where, labels, creationTimestamp, generation: at };
        const spec = { ...made.spec, ...more };
        cluster.channels.put(versioned({ ...made, metadata, spec, status: before?.status }, at));
      },
  );

const removal: fc.Arbitrary<Edit> = fc.oneof(
  fc.constantFrom("g1", "g2", "g3").map(
    (name): Edit =>
      (cluster) =>
        cluster.grants.remove({ name }),
  ),
  tenant.map(
    (name): Edit =>
      (cluster) =>
        cluster.tenants.remove({ name }),
  ),
  fc.tuple(namespace, fc.constantFrom("a", "b", "c")).map(
    ([where, name]): Edit =>
      (cluster) =>
        cluster.agents.remove({ namespace: where, name }),
  ),
  fc.tuple(namespace, fc.constantFrom("a", "b")).map(
    ([where, name]): Edit =>
      (cluster) =>
        cluster.deployments.remove({ namespace: where, name }),
  ),
  fc.tuple(namespace, fc.constantFrom("x", "y", "z")).map(
    ([where, name]): Edit =>
      (cluster) => {
        cluster.channels.remove({ namespace: where, name });
        cluster.routings.remove({ namespace: where, name }); // as the garbage collector does
      },
  ),
);

const edits = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: agentEdit },
    { weight: 4, arbitrary: channelEdit },
    { weight: 3, arbitrary: grantEdit },
    { weight: 2, arbitrary: tenantEdit },
    { weight: 1, arbitrary: deploymentEdit },
    { weight: 2, arbitrary: removal },
  ),
  { minLength: 5, maxLength: 40 },
);

/** Something to begin with, so that most edits meet something that is wired. */
const begin: readonly Edit[] = [
  (cluster) =>
    cluster.grants.put(versioned(grantObject("g1", { providers: [{ namespace: "*" }], tenants: ["*"] }), 1)),
  (cluster) => cluster.deployments.put(deploymentOf("a")),
  ...namespaces.flatMap((where): readonly Edit[] => [
    (cluster) => cluster.agents.put(placed(agentOf("a", ["bill@1.0.0", "news@1.0.0"]), where)),
    (cluster) => cluster.agents.put(placed(agentOf("b", ["bill@2.0.0"]), where)),
    (cluster) => cluster.channels.put(placed(channelOf("x", ["bill@*"]), where)),
    (cluster) => cluster.channels.put(placed(channelOf("y", ["news@^1.0.0"]), where)),
  ]),
];

function placed<T extends Agent | Channel>(object: T, where: string): T {
  const host = `${object.metadata.name}.${where}.svc.cluster.local`;
  const status = object.kind === "Agent" ? { host } : undefined;
  return {
    ...object,
    metadata: { ...object.metadata, namespace: where, creationTimestamp: "2026-01-01T00:00:00Z" },
    status,
  };
}

function versioned<T extends { readonly metadata: object }>(object: T, version: number): T {
  return { ...object, metadata: { ...object.metadata, resourceVersion: `edit-${version}` } };
}

/** A cluster with the controller of Channels, which looks at what its sources name and at nothing else. */
class World {
  readonly cluster = new FakeCluster();
  readonly #clock = new FakeClock();
  readonly #due = new Map<string, { readonly namespace: string; readonly name: string }>();
  readonly #reconcile = createChannelReconciler({
    stores: this.cluster.stores,
    writers: this.cluster.writers,
    clock: this.#clock,
    grants: "enforce",
  });

  constructor() {
    this.cluster.sync();
    for (const source of channelSources(this.cluster.stores)) {
      source.start(({ namespace: where = "", name }) => {
        this.#due.set(`${where}/${name}`, { namespace: where, name });
      });
    }
  }

  /** Reconciles what is due until nothing is. */
  async settle(): Promise<void> {
    for (let [next] = this.#due; next !== undefined; [next] = this.#due) {
      const [text, key] = next;
      this.#due.delete(text);
      await this.settleOne(key);
    }
  }

  async settleOne(key: { readonly namespace: string; readonly name: string }): Promise<void> {
    for (let waitedMs = 0; waitedMs < 20_000; ) {
      const requeue = await this.#reconcile(key, { signal });
      if (requeue.kind === "onChange") return;
      await this.#clock.advance(requeue.ms);
      waitedMs += requeue.ms;
    }
  }
}

/** The oracle: what is granted, said in another way than the code says it. */
function isAllowed(
  cluster: FakeCluster,
  routing: ChannelRouting,
  agent: string,
  name: string,
  offered: string,
): boolean {
  const { namespace: where = "" } = routing.metadata;
  const { tenant: of, channel } = channelIdentityOf(routing);
  const all = cluster.tenants.list();
  const own = all.filter((one) => tenantIdOf(one) === of);
  const isTrusted = own.some(
    ({ spec }) => matchesAnyGlob(spec.namespaces, where) && matchesAnyGlob(spec.channels, channel),
  );
  if (all.length > 0 && !isTrusted) return false;
  const deployment = cluster.deployments.get({ namespace: where, name: agent });
  const isOwned =
    cluster.agents.get({ namespace: where, name: agent })?.metadata.ownerReferences !== undefined;
  const account = isOwned ? deployment?.spec.template.spec.serviceAccountName : undefined;
  return cluster.grants.list().some(({ spec }) => {
    const isNamed = spec.capabilities.some(
      (one) => one === name || (name !== "b\u0456ll" && matchesGlob(one, name)),
    );
    const parsed = parseVersion(offered);
    const fits =
      spec.versions === undefined || (parsed && parseRange(spec.versions)?.includes(parsed)) === true;
    const isFor = spec.tenants.includes(of) || spec.tenants.includes("*");
    const isBy = spec.providers.some(
      (one) =>
        matchesGlob(one.namespace, where) &&
        matchesGlob(one.agent ?? "*", agent) &&
        (one.serviceAccount === undefined || one.serviceAccount === account),
    );
    return isNamed && fits && isFor && isBy;
  });
}

function forbiddenWires(cluster: FakeCluster): readonly string[] {
  return cluster.routings
    .list()
    .flatMap((routing) =>
      routing.spec.capabilityGroups.flatMap((group) =>
        group.capabilities
          .filter(
            ({ name, providedVersion }) => !isAllowed(cluster, routing, group.name, name, providedVersion),
          )
          .map(
            ({ name, providedVersion }) =>
              `${routing.metadata.name}: ${name} ${providedVersion} of ${group.name}`,
          ),
      ),
    );
}

it("S1 S2 nothing is wired that is not granted, after every single edit", { timeout: 60_000 }, async () => {
  let wires = 0;
  await fc.assert(
    fc.asyncProperty(edits, async (some) => {
      const world = new World();
      for (const [at, edit] of [...begin, ...some].entries()) {
        edit(world.cluster, at + 1);
        await world.settle();
        expect(forbiddenWires(world.cluster)).toEqual([]);
        wires += world.cluster.routings.list().flatMap(({ spec }) => spec.capabilityGroups).length;
      }
    }),
    { numRuns: 100 },
  );
  expect(wires).toBeGreaterThan(100); // or the law would say nothing
});

it("an edit reaches every Channel that it concerns: looking at all of them again changes nothing", {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(edits, async (some) => {
      const world = new World();
      for (const [at, edit] of [...begin, ...some].entries()) {
        edit(world.cluster, at + 1);
        await world.settle();
      }
      const written = world.cluster.writes.length;
      for (const { metadata } of world.cluster.channels.list()) {
        await world.settleOne({ namespace: metadata.namespace ?? "", name: metadata.name });
      }
      expect(world.cluster.writes.slice(written)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
