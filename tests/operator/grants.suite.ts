/** Row S2 on real replicas: what is granted is wired, a squatter changes nothing, and what is revoked is gone in 2 s. */
import type { KubeClient, KubeObject } from "@lmos/kube";
import { agentKind, capabilityGrantKind, channelKind, conditionOf, tenantKind } from "@lmos/resources";
import { expect, it } from "vitest";
import { directClient } from "../faults/harness/access.ts";
import { eventually, pause } from "../faults/harness/eventually.ts";
import { startStallWatch } from "../faults/harness/stall-watch.ts";
import { figure } from "./operations/figure.ts";
import { startBehindProxy } from "./operations/replica.ts";
import { applyObject, installKinds, makeScene, type Scene } from "./operations/scene.ts";
import { testServers } from "./operations/test-servers.ts";

const { signal } = new AbortController();
const alpha = "lmos.eclipse/v1alpha1";
const askedMs = 2_000;

interface SpecObject extends KubeObject {
  readonly spec: object;
}

/** Named like the namespace, as both kinds are cluster-scoped and servers are shared. */
function grant({ namespace }: Scene, versions: string): SpecObject {
  const providers = [{ namespace, agent: "billing" }];
  const spec = { providers, capabilities: ["bill"], versions, tenants: ["acme"] };
  return { apiVersion: alpha, kind: "CapabilityGrant", metadata: { name: namespace }, spec };
}

/** Trusted or not. There is one from the beginning: where there is none at all, which others decide, labels are believed. */
function tenant(name: string, namespaces: readonly string[]): SpecObject {
  return { apiVersion: alpha, kind: "Tenant", metadata: { name }, spec: { id: "acme", namespaces } };
}

function squatter({ namespace }: Scene): SpecObject {
  const spec = { supportedChannels: ["web"], providedCapabilities: [{ name: "bill", version: "1.999.0" }] };
  return { apiVersion: "lmos.eclipse/v1", kind: "Agent", metadata: { namespace, name: "squatter" }, spec };
}

function operator({ namespace }: Scene): readonly ["operator", ...string[]] {
  return ["operator", "--watch-namespaces", namespace, "--grants", "enforce"];
}

async function reasonOf(client: KubeClient, { namespace }: Scene): Promise<string | undefined> {
  const channel = await client.get(channelKind, { namespace, name: "acme-web" }, { signal });
  return conditionOf(channel?.status?.conditions, "Resolved")?.reason;
}

it.each(testServers)(
  "S2 on the $name API server grants decide who is wired, and a revoked wire is gone within 2 s",
  async (each) => {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await each.start());
    const client = stack.use(directClient(server));
    await installKinds(client);
    const scene = await makeScene(client, "grants");
    stack.defer(async () => void (await client.delete(tenantKind, { name: scene.namespace }, { signal })));
    stack.defer(
      async () => void (await client.delete(capabilityGrantKind, { name: scene.namespace }, { signal })),
    );
    await applyObject(client, tenantKind, tenant(scene.namespace, [scene.namespace]));
    const replica = stack.use(await startBehindProxy(server, scene.namespace, operator(scene)));
    await replica.whenLeading();
    await eventually(
      "nothing is granted",
      async () => (await reasonOf(client, scene)) === "NotGranted",
      20_000,
    );
    expect(await scene.routing()).toBeUndefined();

    await applyObject(client, capabilityGrantKind, grant(scene, "^1.0.0"));
    await scene.untilRouted("first", 10_000);
    const before = JSON.stringify((await scene.routing())?.spec);
    await applyObject(client, agentKind, squatter(scene));
    await pause(1_000);
    expect(JSON.stringify((await scene.routing())?.spec)).toBe(before);

    using stalls = startStallWatch();
    const gone = (): Promise<number> =>
      eventually("the routing is gone", async () => (await scene.routing()) === undefined, 10_000);
    await applyObject(client, capabilityGrantKind, grant(scene, "^2.0.0"));
    const revokedMs = await gone();
    figure({ name: each.name, what: "a revoked grant leaves the routing", asked: "2 s", tookMs: revokedMs });
    expect(revokedMs).toBeLessThan(askedMs + stalls.longestMs());

    await applyObject(client, capabilityGrantKind, grant(scene, "^1.0.0"));
    await scene.untilRouted("first", 10_000);
    await applyObject(client, tenantKind, tenant(scene.namespace, ["somewhere-else"]));
    const distrustedMs = await gone();
    figure({
      name: each.name,
      what: "a Tenant that lacks the namespace",
      asked: "2 s",
      tookMs: distrustedMs,
    });
    expect(distrustedMs).toBeLessThan(askedMs + stalls.longestMs());
    const isSaid = async (): Promise<boolean> => (await reasonOf(client, scene)) === "TenantNotTrusted";
    await eventually("the Channel says so", isSaid, 10_000); // after its routing: a status claims nothing too early
  },
);
