/** Tenants and CapabilityGrants on the embedded API server and in `npm run test:operator` on a real one, from `enforce` to a revoked wire. */
import type { KubeObject } from "@lmos/kube";
import type { Operator } from "@lmos/operator";
import {
  agentKind,
  capabilityGrantKind,
  channelKind,
  channelRoutingKind,
  conditionOf,
  tenantKind,
} from "@lmos/resources";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Cluster, channel, startCluster } from "./operator-harness.ts";

const { signal } = new AbortController();
const alpha = "lmos.eclipse/v1alpha1";
const owner = { fieldManager: "test", force: true, signal };
const key = { namespace: "default", name: "acme-web" };

let cluster: Cluster;
let operator: Operator;

beforeAll(async () => {
  cluster = await startCluster();
  operator = await cluster.startOperator({ grants: "enforce" });
});

afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  // The real server is shared, and these two have no namespace.
  await cluster.delete(tenantKind, { name: "acme" });
  await cluster.delete(capabilityGrantKind, { name: "acme-views" });
  await cluster.delete(channelKind, key);
  await cluster.delete(agentKind, { namespace: "default", name: "billing" });
  await cluster[Symbol.asyncDispose]();
});

function grant(spec: object): KubeObject & { readonly spec: object } {
  const all = { providers: [{ namespace: "default" }], capabilities: ["view-*"], tenants: ["acme"], ...spec };
  return { apiVersion: alpha, kind: "CapabilityGrant", metadata: { name: "acme-views" }, spec: all };
}

async function wired(): Promise<readonly string[] | undefined> {
  const routing = await cluster.client.get(channelRoutingKind, key, { signal });
  return routing?.spec.capabilityGroups.map(({ name }) => name);
}

async function condition(type: string): Promise<string | undefined> {
  const found = await cluster.client.get(channelKind, key, { signal });
  return conditionOf(found?.status?.conditions, type)?.reason;
}

it("S2 wires what is granted and nothing else, and takes a revoked wire out within two seconds", async () => {
  const spec = {
    supportedChannels: ["web"],
    providedCapabilities: [{ name: "view-bill", version: "1.0.0" }],
  };
  const metadata = { name: "billing", namespace: "default" };
  const agent = { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata, spec };
  await cluster.apply(agent);
  await cluster.apply(channel("acme-web", ["view-bill@^1.0.0"]));
  await vi.waitFor(async () => expect(await condition("Resolved")).toBe("NotGranted"), { timeout: 10_000 });
  expect(await wired()).toBeUndefined();

  await cluster.client.apply(capabilityGrantKind, grant({}), owner);
  await vi.waitFor(async () => expect(await wired()).toEqual(["billing"]), { timeout: 10_000 });
  const isTold = async (): Promise<void> => {
    const granted = await cluster.client.get(agentKind, { ...key, name: "billing" }, { signal });
    const told = { status: "False", reason: "NotGranted" };
    expect(conditionOf(granted?.status?.conditions, "Granted")).toMatchObject(told);
  };
  await vi.waitFor(isTold, { timeout: 10_000 });

  await cluster.client.apply(capabilityGrantKind, grant({ versions: ">=2.0.0" }), owner);
  await vi.waitFor(async () => expect(await wired()).toBeUndefined(), { timeout: 2000, interval: 20 });

  await cluster.client.apply(capabilityGrantKind, grant({}), owner);
  await vi.waitFor(async () => expect(await wired()).toEqual(["billing"]), { timeout: 10_000 });
  const tenant = {
    apiVersion: alpha,
    kind: "Tenant",
    metadata: { name: "acme" },
    spec: { namespaces: ["acme-*"] },
  };
  await cluster.client.apply(tenantKind, tenant, owner);
  await vi.waitFor(async () => expect(await wired()).toBeUndefined(), { timeout: 2000, interval: 20 });
  // After its routing: a status claims nothing too early.
  const isSaid = async () => expect(await condition("Resolved")).toBe("TenantNotTrusted");
  await vi.waitFor(isSaid, { timeout: 10_000 });
}, 60_000);
