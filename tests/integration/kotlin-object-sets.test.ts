/**
 * Sets of objects as users of the Kotlin operator write them (Agents and Channels by hand, no workloads), applied to an API
 * server with an operator beside it: the stored routing is the one that the Kotlin operator was seen to write, but for what
 * docs/compatibility.md lists. `packages/operator` has more of such sets, without a server.
 */
import type { KubeObject } from "@lmos/kube";
import { apiVersion, channelKind, channelRoutingKind } from "@lmos/resources";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { looseKind } from "../operator/harness/definitions.ts";
import { type Cluster, startCluster } from "./operator-harness.ts";

const { signal } = new AbortController();
let cluster: Cluster;
const stack = new AsyncDisposableStack();

beforeAll(async () => {
  cluster = stack.use(await startCluster());
  stack.use(await cluster.startOperator());
}, 60_000);

afterAll(() => stack.disposeAsync());

/** What a set consists of, in a namespace of its own. */
type Spec = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

const agent = (name: string, spec: Spec, labels?: Labels) => ({ kind: "Agent", name, spec, labels });
const identity: Labels = { tenant: "acme", channel: "web", subset: "stable", version: "1.0.0" };
const channel = (requiredCapabilities: unknown, labels: Labels = identity, more: Spec = {}) => {
  return { kind: "Channel", name: "acme-web-stable", spec: { requiredCapabilities, ...more }, labels };
};

type Sketch = ReturnType<typeof agent> | ReturnType<typeof channel>;

const namespaceKind = looseKind("", "Namespace", "namespaces", false);

async function apply(namespace: string, sketches: readonly Sketch[]): Promise<void> {
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await cluster.client.apply(namespaceKind, object, { fieldManager: "test", force: true, signal });
  for (const { kind, name, spec, labels } of sketches) {
    const metadata = { name, namespace, ...(labels && { labels }) };
    await cluster.apply({ apiVersion, kind, metadata, spec } as KubeObject);
  }
}

async function routingIn(namespace: string) {
  return cluster.client.get(channelRoutingKind, { namespace, name: "acme-web-stable" }, { signal });
}

/** The groups as the Kotlin operator writes them: without examples, their hosts without the namespace. */
async function groupsIn(namespace: string): Promise<unknown> {
  const routing = await routingIn(namespace);
  return routing?.spec.capabilityGroups.map(({ capabilities, ...group }) => ({
    ...group,
    capabilities: capabilities.map(({ examples: _added, host, ...capability }) => ({
      ...capability,
      host: host.replace(`.${namespace}.svc.cluster.local`, ""),
    })),
  }));
}

const bill = { name: "bill", version: "1.0.0", description: "Shows bills" };
const web = { description: "An agent", supportedChannels: ["web"] };
const wired = (more: Spec = {}) => {
  return {
    ...{ id: "", name: "bill", requiredVersion: "1.0.0", providedVersion: "1.0.0" },
    ...{ description: "Shows bills", host: "a", ...more },
  };
};
const group = (name: string, capabilities: readonly unknown[], more: Spec = {}) => {
  return { id: "", name, description: "An agent", capabilities, ...more };
};

describe("is routed as by the Kotlin operator:", () => {
  const sets: readonly {
    readonly name: string;
    readonly objects: readonly Sketch[];
    readonly groups: readonly unknown[];
  }[] = [
    {
      name: "an Agent with the required fields alone, as the charts of the sample agents have it",
      objects: [
        agent("a", { ...web, providedCapabilities: [bill] }, { version: "0.1.0" }),
        channel([{ name: "bill", version: "1.0.0" }]),
      ],
      groups: [group("a", [wired()])],
    },
    {
      name: "an Agent with all fields, and a requirement with an id of its own",
      objects: [
        agent("a", {
          ...{ ...web, id: "agent-id", supportedTenants: ["acme", "globex"] },
          providedCapabilities: [{ ...bill, id: "bill-id", examples: ["show my bill"] }],
        }),
        channel([{ id: "other-id", name: "bill", version: "1.0.0", strategy: "HIGHEST" }]),
      ],
      groups: [group("a", [wired({ id: "bill-id" })], { id: "agent-id" })],
    },
    {
      name: "a Channel that comes before its Agents",
      objects: [
        channel([{ name: "bill", version: ">=1.0.0" }]),
        agent("a", { ...web, providedCapabilities: [bill] }),
      ],
      groups: [group("a", [wired({ requiredVersion: ">=1.0.0" })])],
    },
    {
      name: "capabilities without a description",
      objects: [
        agent("a", { ...web, providedCapabilities: [{ name: "bill", version: "1.0.0" }] }),
        channel([{ name: "bill", version: "1.0.0" }]),
      ],
      groups: [group("a", [wired({ description: "" })])],
    },
    {
      name: "two Agents, one group for each, and each capability with its own host",
      objects: [
        agent("b", { ...web, providedCapabilities: [{ ...bill, name: "pay" }] }),
        agent("a", { ...web, providedCapabilities: [bill, { ...bill, name: "news" }] }),
        channel(["pay", "bill", "news"].map((name) => ({ name, version: "1.0.0" }))),
      ],
      groups: [
        group("a", [wired(), wired({ name: "news" })]),
        group("b", [wired({ name: "pay", host: "b" })]),
      ],
    },
    {
      name: "nothing that is required, where there is an Agent",
      objects: [agent("a", { ...web, providedCapabilities: [bill] }), channel([])],
      groups: [],
    },
    {
      name: "the highest version of two Agents, and the lowest with MOST_SIMILAR",
      objects: [
        agent("a", { ...web, providedCapabilities: [bill] }),
        agent("b", { ...web, providedCapabilities: [{ ...bill, version: "1.1.0" }] }),
        channel([
          { name: "bill", version: ">=1.0.0" },
          { name: "bill", version: "1.x", strategy: "MOST_SIMILAR" },
        ]),
      ],
      groups: [
        group("a", [wired({ requiredVersion: "1.x" })]),
        group("b", [wired({ requiredVersion: ">=1.0.0", providedVersion: "1.1.0", host: "b" })]),
      ],
    },
    {
      name: "an Ivy range",
      objects: [
        agent("a", { ...web, providedCapabilities: [bill, { ...bill, version: "2.0.0" }] }),
        channel([{ name: "bill", version: "[1.0,2.0[" }]),
      ],
      groups: [group("a", [wired({ requiredVersion: "[1.0,2.0[" })])],
    },
    {
      name: "Agents of another subset, tenant or channel beside one that fits",
      objects: [
        agent(
          "canary",
          { ...web, providedCapabilities: [{ ...bill, version: "9.0.0" }] },
          { subset: "canary" },
        ),
        agent("globex", {
          ...web,
          supportedTenants: ["globex"],
          providedCapabilities: [{ ...bill, version: "9.0.0" }],
        }),
        agent("ivr", {
          ...web,
          supportedChannels: ["ivr"],
          providedCapabilities: [{ ...bill, version: "9.0.0" }],
        }),
        agent("none", {
          ...web,
          supportedChannels: [],
          providedCapabilities: [{ ...bill, version: "9.0.0" }],
        }),
        agent("a", { ...web, supportedTenants: [], providedCapabilities: [bill] }, { subset: "stable" }),
        channel([{ name: "bill", version: ">=1.0.0" }]),
      ],
      groups: [group("a", [wired({ requiredVersion: ">=1.0.0" })])],
    },
    {
      name: "an Agent with a dot in its name, and signs of other scripts in its texts",
      objects: [
        agent("a.v1", {
          ...web,
          description: "Größe 😀",
          providedCapabilities: [{ ...bill, name: "Rechnung ä/b", description: "“Zahlen”" }],
        }),
        channel([{ name: "Rechnung ä/b", version: "^1" }]),
      ],
      groups: [
        group(
          "a.v1",
          [wired({ name: "Rechnung ä/b", description: "“Zahlen”", requiredVersion: "^1", host: "a.v1" })],
          { description: "Größe 😀" },
        ),
      ],
    },
    {
      name: "half a wiring, where the Channel is content with that",
      objects: [
        agent("a", { ...web, providedCapabilities: [bill] }),
        channel(
          [
            { name: "bill", version: "1.0.0" },
            { name: "news", version: "1.0.0" },
          ],
          identity,
          { activationPolicy: "Partial" },
        ),
      ],
      groups: [group("a", [wired()])],
    },
  ];

  it.each(sets.map((set, index) => ({ ...set, namespace: `set-${index}` })))(
    "$name",
    async ({ namespace, objects, groups }) => {
      await apply(namespace, objects);
      await expect.poll(() => groupsIn(namespace), { timeout: 15_000 }).toEqual(groups);
      const { metadata } = (await routingIn(namespace)) ?? {};
      expect(metadata?.labels).toEqual(identity);
      expect(metadata?.ownerReferences).toMatchObject([{ kind: "Channel", name: "acme-web-stable" }]);
    },
    30_000,
  );
});

describe("is left without a routing, where the Kotlin operator activates half or nothing:", () => {
  const sets: readonly { readonly name: string; readonly objects: readonly Sketch[] }[] = [
    { name: "nobody provides it", objects: [channel([{ name: "bill", version: "1.0.0" }])] },
    {
      name: "one of two is not provided",
      objects: [
        agent("a", { ...web, providedCapabilities: [bill] }),
        channel([
          { name: "bill", version: "1.0.0" },
          { name: "news", version: "1.0.0" },
        ]),
      ],
    },
    {
      name: "the tenant is written in other case",
      objects: [
        agent("a", { ...web, supportedTenants: ["ACME"], providedCapabilities: [bill] }),
        channel([{ name: "bill", version: "1.0.0" }]),
      ],
    },
    {
      name: "only a pre-release is there",
      objects: [
        agent("a", { ...web, providedCapabilities: [{ ...bill, version: "1.0.0-rc.1" }] }),
        channel([{ name: "bill", version: ">=0.1.0" }]),
      ],
    },
    {
      name: "the only version is none",
      objects: [
        agent("a", { ...web, providedCapabilities: [{ ...bill, version: "1.0" }] }),
        channel([{ name: "bill", version: ">=0.1.0" }]),
      ],
    },
  ];

  it.each(sets.map((set, index) => ({ ...set, namespace: `half-${index}` })))(
    "$name",
    async ({ namespace, objects }) => {
      await apply(namespace, objects);
      const key = { namespace, name: "acme-web-stable" };
      const status = async () => (await cluster.client.get(channelKind, key, { signal }))?.status;
      await expect.poll(status, { timeout: 15_000 }).toMatchObject({ resolveStatus: "UNRESOLVED" });
      expect(await routingIn(namespace)).toBeUndefined();
    },
    30_000,
  );
});

it("labels of the Channel that are none of its identity are not copied, and those of others on the routing stay", async () => {
  const namespace = "labels";
  const labelled = channel([{ name: "bill", version: "1.0.0" }], { ...identity, team: "red" });
  await apply(namespace, [agent("a", { ...web, providedCapabilities: [bill] }), labelled]);
  await expect.poll(() => groupsIn(namespace), { timeout: 15_000 }).toEqual([group("a", [wired()])]);
  const key = { namespace, name: "acme-web-stable" };
  const body = { metadata: { labels: { owner: "ops", version: "9.9.9" } } };
  await cluster.client.patch(channelRoutingKind, key, { kind: "merge", body }, { signal });
  const labels = async () => (await routingIn(namespace))?.metadata.labels;
  await expect.poll(labels, { timeout: 15_000 }).toEqual({ ...identity, owner: "ops" });
}, 30_000);
