/** The operator against the embedded API server, and in `npm run test:operator` against a real one: from a Deployment to a routing, and back. */
import type { ObjectKey, ResourceType } from "@lmos/kube";
import type { Operator } from "@lmos/operator";
import { type JsonObject, systemClock } from "@lmos/primitives";
import {
  type Agent,
  agentKind,
  type Channel,
  type ChannelRouting,
  channelKind,
  channelRoutingKind,
  deploymentKind,
} from "@lmos/resources";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type Cluster,
  capability,
  channel,
  patienceMs,
  rollOut,
  type ServedAgent,
  serveAgent,
  startCluster,
} from "./operator-harness.ts";

const { signal } = new AbortController();
let cluster: Cluster;
let operator: Operator;
let agents: AsyncDisposableStack;

beforeAll(async () => {
  cluster = await startCluster();
  operator = await cluster.startOperator();
  agents = new AsyncDisposableStack();
});

afterEach(async () => {
  const kinds: readonly ResourceType[] = [channelKind, deploymentKind, agentKind];
  for (const kind of kinds) {
    const { items } = await cluster.client.list(kind, { signal });
    for (const { metadata } of items) await cluster.delete(kind, metadata);
  }
  await eventually(async () => {
    const routings = await cluster.client.list(channelRoutingKind, { signal });
    const left = await cluster.client.list(agentKind, { signal });
    expect([...routings.items, ...left.items]).toEqual([]);
  });
  await agents.disposeAsync();
  agents = new AsyncDisposableStack();
});

afterAll(async () => {
  await operator[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

describe("discovery", () => {
  it("makes an Agent that its Deployment owns", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    await eventually(async () => {
      const found = await getAgent("billing-agent");
      expect(found?.metadata.labels).toEqual({ "lmos-agent": "true", subset: "stable" });
      expect(found?.metadata.ownerReferences?.[0]).toMatchObject({ kind: "Deployment", controller: true });
      expect(found?.spec.providedCapabilities).toEqual([capability("view-bill", "1.1.0")]);
      expect(found?.status?.host).toBe("billing-agent.default.svc.cluster.local");
      expect(conditions(found)).toEqual({
        Discovered: "True CapabilitiesRead",
        VersionsValid: "True AllValid",
        Ready: "True DeploymentAvailable",
      });
    });
  });

  it("keeps the last good Agent while the document can't be read, and says so", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    await eventually(async () => expect(await getAgent("billing-agent")).toBeDefined());
    await agent.announce("not a document");
    await restart("billing-agent");
    await eventually(async () => {
      const found = await getAgent("billing-agent");
      expect(conditions(found)["Discovered"]).toBe("False InvalidDocument");
      expect(found?.spec.providedCapabilities).toHaveLength(1);
    });
    const wanted = [capability("view-bill", "1.2.0")];
    await agent.announce({
      id: "",
      description: "",
      supportedTenants: [],
      supportedChannels: ["web"],
      capabilities: wanted,
    });
    await eventually(async () => {
      const found = await getAgent("billing-agent");
      expect(conditions(found)["Discovered"]).toBe("True CapabilitiesRead");
      expect(found?.spec.providedCapabilities).toEqual(wanted);
    });
  });

  it("finds an agent that starts to announce late", async () => {
    const agent = await serve("billing-agent");
    await agent.announce("");
    await agent.deploy();
    await eventually(async () => expect(await cluster.events("billing-agent")).toContain("InvalidDocument"));
    await agent.announce({ capabilities: [capability("view-bill", "1.0.0")] });
    await eventually(async () => expect(await getAgent("billing-agent")).toBeDefined());
  });

  it("leaves an Agent alone that was written by hand", async () => {
    await cluster.apply(handMade("billing-agent", [capability("view-bill", "7.0.0")]));
    const agent = await serve("billing-agent", capability("view-bill", "1.0.0"));
    await agent.deploy();
    await eventually(async () => {
      const found = await getAgent("billing-agent");
      expect(conditions(found)).toEqual({ VersionsValid: "True AllValid", Ready: "True Unmanaged" });
      expect(found?.spec.providedCapabilities[0]?.version).toBe("7.0.0");
      expect(await cluster.events("billing-agent")).toContain("AgentNotOwned");
    });
    expect(agent.requests()).toBe(0);
  });

  it("names versions that can't be wired, and goes on with the others", async () => {
    const offered = [
      ...[capability("a", "1.0"), capability("b", "latest"), capability("c", "1.0.0")],
      ...[capability("c", "1.0.0"), capability("d", "1.0.0")],
    ];
    const agent = await serve("odd-agent", ...offered);
    await agent.deploy();
    await cluster.apply(channel("acme-web-stable", ["c@^1.0.0", "d@^1.0.0"]));
    await eventually(async () => {
      const found = await getAgent("odd-agent");
      expect(conditions(found)["VersionsValid"]).toBe("False InvalidVersion");
      expect(messageOf(found, "VersionsValid")).toBe(
        "not a semantic version such as 1.0.0: a@1.0, b@latest; name and version given more than once: c@1.0.0",
      );
      expect(found?.status?.capabilities).toBe(2);
      expect((await getChannel("acme-web-stable"))?.status?.resolveStatus).toBe("RESOLVED");
    });
  });
});

describe("a channel", () => {
  it("is resolved as a whole, stays active while an agent is gone, and recovers", async () => {
    const bill = await serve("billing-agent", capability("view-bill", "1.1.0"));
    const news = await serve("news-agent", capability("get-news", "2.0.0"));
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0", "get-news@>=2.0.0"]));
    await bill.deploy();
    await eventually(async () => {
      const found = await getChannel("acme-web-stable");
      expect(found?.status).toMatchObject({ resolveStatus: "UNRESOLVED", resolved: "1/2", agents: 0 });
      expect(found?.status?.unresolved).toBe("get-news@>=2.0.0");
      expect(conditions(found)["Activated"]).toBe("False NeverResolved");
    });
    expect(await getRouting("acme-web-stable")).toBeUndefined();
    await news.deploy();
    const whole = await eventually(async () => {
      const found = await getRouting("acme-web-stable");
      expect(found?.spec.capabilityGroups.map(({ name }) => name)).toEqual(["billing-agent", "news-agent"]);
      expect(found?.spec.capabilityGroups[0]?.capabilities[0]).toMatchObject({
        host: "billing-agent.default.svc.cluster.local",
        providedVersion: "1.1.0",
        examples: ["please view-bill"],
      });
      return found;
    });
    await cluster.delete(deploymentKind, key("news-agent"));
    await eventually(async () => {
      const found = await getChannel("acme-web-stable");
      expect(conditions(found)).toEqual({
        Resolved: "False NoProvider",
        Activated: "False KeptLastGood",
        Ready: "False NoProvider",
      });
      expect(found?.status?.unresolvedRequiredCapabilities?.[0]).toMatchObject({
        name: "get-news",
        reason: "NoProvider",
        message: "no agent provides get-news",
      });
    });
    expect((await getRouting("acme-web-stable"))?.metadata.resourceVersion).toBe(
      whole?.metadata.resourceVersion,
    );
    await news.deploy();
    await eventually(async () => {
      const found = await getChannel("acme-web-stable");
      expect(found?.status).toMatchObject({ resolveStatus: "RESOLVED", resolved: "2/2", agents: 2 });
      expect(found?.status?.unresolved).toBeUndefined();
      expect(conditions(found)["Ready"]).toBe("True Active");
    });
    await eventually(async () =>
      expect(await cluster.events("acme-web-stable")).toEqual(
        expect.arrayContaining(["Unresolved", "Resolved", "RoutingUpdated"]),
      ),
    );
  });

  it("is followed when its requirements or only its labels change", async () => {
    const agent = await serve(
      "billing-agent",
      capability("view-bill", "1.1.0"),
      capability("pay-bill", "1.0.0"),
    );
    await agent.deploy();
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0"]));
    await eventually(async () => expect(await routed("acme-web-stable")).toEqual(["view-bill"]));
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0", "pay-bill@^1.0.0"]));
    await eventually(async () => expect(await routed("acme-web-stable")).toEqual(["view-bill", "pay-bill"]));
    await cluster.apply(channel("acme-web-stable", ["pay-bill@^1.0.0"], { version: "2.0.0" }));
    await cluster.apply(channel("acme-web-stable", ["pay-bill@^1.0.0"], { version: "3.0.0" }));
    await eventually(async () => {
      expect(await routed("acme-web-stable")).toEqual(["pay-bill"]);
      expect((await getRouting("acme-web-stable"))?.metadata.labels?.["version"]).toBe("3.0.0");
    });
  });

  it("hands its settings on, and takes them back where they are emptied", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    const wanted = channel("acme-web-stable", ["view-bill@^1.0.0"]);
    const patch = (routing: JsonObject) =>
      cluster.client.patch(
        channelKind,
        key("acme-web-stable"),
        { kind: "merge", body: { spec: { routing } } },
        { signal },
      );
    const settings = async () => (await getRouting("acme-web-stable"))?.spec.routing;
    await cluster.apply(wanted);
    await patch({ language: "de", thresholds: { margin: 0.1 } });
    await eventually(async () =>
      expect(await settings()).toEqual({ language: "de", thresholds: { margin: 0.1 } }),
    );
    await patch({ thresholds: { margin: null } });
    await eventually(async () => expect(await settings()).toEqual({ language: "de" }));
    await patch({ language: null });
    await eventually(async () => expect(await settings()).toBeUndefined());
    expect((await getChannel("acme-web-stable"))?.spec.routing).toEqual({ thresholds: {} });
  });

  it("puts a routing back that was edited or deleted by hand", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0"]));
    await eventually(async () => expect(await routed("acme-web-stable")).toEqual(["view-bill"]));
    const body = { metadata: { labels: { team: "red" } }, spec: { capabilityGroups: [] } };
    await cluster.client.patch(
      channelRoutingKind,
      key("acme-web-stable"),
      { kind: "merge", body },
      { signal },
    );
    await eventually(async () => {
      const routing = await getRouting("acme-web-stable");
      expect(await routed("acme-web-stable")).toEqual(["view-bill"]);
      expect(routing?.status?.conditions).toMatchObject([{ type: "Current", reason: "Restored" }]);
      // What others added stays, as with the original: only fields that are ours are put back.
      expect(routing?.metadata.labels).toMatchObject({ team: "red", tenant: "acme" });
      expect(await cluster.events("acme-web-stable")).toContain("RoutingRestored");
    });
    await cluster.delete(channelRoutingKind, key("acme-web-stable"));
    await eventually(async () => expect(await routed("acme-web-stable")).toEqual(["view-bill"]));
  });

  it("yields to an older one of the same identity, until that is gone", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    await cluster.apply(channel("a-first", ["view-bill@^1.0.0"]));
    await eventually(async () => expect(await routed("a-first")).toEqual(["view-bill"]));
    await cluster.apply(channel("b-second", ["view-bill@^1.0.0"]));
    await eventually(async () =>
      expect(conditions(await getChannel("b-second"))["Activated"]).toBe("False DuplicateChannel"),
    );
    expect(await getRouting("b-second")).toBeUndefined();
    await cluster.delete(channelKind, key("a-first"));
    await eventually(async () => expect(await routed("b-second")).toEqual(["view-bill"]));
  });

  it("says which labels it lacks", async () => {
    const { metadata, ...rest } = channel("nobodys", ["view-bill@^1.0.0"]);
    await cluster.apply({ ...rest, metadata: { ...metadata, labels: {} } });
    await eventually(async () => {
      const found = await getChannel("nobodys");
      expect(conditions(found)["Resolved"]).toBe("False MissingLabels");
      expect(messageOf(found, "Resolved")).toBe("the Channel has no label tenant and no label channel");
    });
  });
});

describe("at rest", () => {
  it("writes nothing, neither for an annotation nor after a restart", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0"]));
    await cluster.apply(channel("acme-web-canary", ["missing@^1.0.0"], { subset: "canary" }));
    await eventually(async () => {
      expect(conditions(await getChannel("acme-web-stable"))["Ready"]).toBe("True Active");
      expect(conditions(await getChannel("acme-web-canary"))["Resolved"]).toBe("False NoProvider");
      expect(conditions(await getAgent("billing-agent"))["Discovered"]).toBe("True CapabilitiesRead");
    });
    const before = await writesAtRest();
    const body = { metadata: { annotations: { touched: "yes" } } };
    await cluster.client.patch(agentKind, key("billing-agent"), { kind: "merge", body }, { signal });
    await restartOperator(agent);
    expect(cluster.writes()).toBe(before);
  });

  it.each([
    { name: "controls and a byte order mark", text: "\ufeffa\u007fb\u0085c\u0096d\u0000e\u0001" },
    { name: "half a character and what is none", text: "a\ud83db\uffff" },
    { name: "line separators and another direction", text: "a\u2028b\u202ec" },
  ])("takes an agent whose texts hold $name, and writes nothing when it is read again", async ({ text }) => {
    const agent = await serve("odd-agent", {
      ...capability("view-bill", "1.1.0"),
      description: text,
      examples: [text],
    });
    await agent.deploy();
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0"]));
    await eventually(async () => {
      expect(conditions(await getChannel("acme-web-stable"))["Ready"]).toBe("True Active");
      expect(conditions(await getAgent("odd-agent"))["Discovered"]).toBe("True CapabilitiesRead");
    });
    const routing = await getRouting("acme-web-stable");
    expect(routing?.spec.capabilityGroups[0]?.capabilities[0]?.description).toBe(text.toWellFormed());
    const before = await writesAtRest();
    await restartOperator(agent);
    expect(cluster.writes()).toBe(before);
  });

  it("answers the read API and its health", async () => {
    const agent = await serve("billing-agent", capability("view-bill", "1.1.0"));
    await agent.deploy();
    await cluster.apply(channel("acme-web-stable", ["view-bill@^1.0.0"]));
    await eventually(async () => expect(await routed("acme-web-stable")).toEqual(["view-bill"]));
    const { host, port } = operator.address;
    // From its caches, which hear of what it has written a moment later.
    await eventually(async () => {
      const routing = await fetch(`http://${host}:${port}/apis/v1/tenants/acme/channels/web/routing`);
      expect(await routing.json()).toMatchObject({
        kind: "ChannelRouting",
        spec: { capabilityGroups: [{ name: "billing-agent" }] },
      });
      expect(await managementText("/metrics")).toMatch(/lmos_channels\{status="resolved"\} 1/);
    });
    expect(await managementText("/readyz")).toBe('{"status":"UP"}');
  });
});

async function serve(name: string, ...capabilities: ReturnType<typeof capability>[]): Promise<ServedAgent> {
  return agents.use(await serveAgent(cluster, name, capabilities));
}

/** How many writes there were, once there are no more for a second: statuses are written in their own time. */
async function writesAtRest(): Promise<number> {
  let [seen, sinceMs] = [cluster.writes(), systemClock.monotonic()];
  while (systemClock.monotonic() - sinceMs < 1_000) {
    await systemClock.sleep(50, { signal });
    if (cluster.writes() !== seen) [seen, sinceMs] = [cluster.writes(), systemClock.monotonic()];
  }
  return seen;
}

/** Until the new one has read the agent, and has looked at every Channel. */
async function restartOperator(agent: ServedAgent): Promise<void> {
  const readings = agent.requests();
  await operator[Symbol.asyncDispose]();
  operator = await cluster.startOperator();
  await eventually(async () => expect(agent.requests()).toBeGreaterThan(readings));
  await eventually(async () =>
    expect(await managementText("/metrics")).toMatch(/reconcile_total.*channel.*success/),
  );
}

/** Changes the pod template, as `kubectl rollout restart` does, and says that the change is rolled out. */
async function restart(name: string): Promise<void> {
  const body = { spec: { template: { metadata: { annotations: { restarted: "yes" } } } } };
  await cluster.client.patch(deploymentKind, key(name), { kind: "merge", body }, { signal });
  await rollOut(cluster.client, name);
}

function handMade(name: string, providedCapabilities: readonly object[]) {
  const metadata = { name, namespace: "default" };
  return {
    apiVersion: "lmos.eclipse/v1",
    kind: "Agent",
    metadata,
    spec: { supportedChannels: ["web"], providedCapabilities },
  };
}

function key(name: string): ObjectKey {
  return { namespace: "default", name };
}

const getAgent = (name: string) => cluster.client.get(agentKind, key(name), { signal });
const getChannel = (name: string) => cluster.client.get(channelKind, key(name), { signal });
const getRouting = (name: string) => cluster.client.get(channelRoutingKind, key(name), { signal });

async function routed(name: string): Promise<readonly string[] | undefined> {
  const routing: ChannelRouting | undefined = await getRouting(name);
  return routing?.spec.capabilityGroups.flatMap((group) => group.capabilities.map((one) => one.name));
}

function conditions(object: Agent | Channel | undefined): Readonly<Record<string, string>> {
  const found = object?.status?.conditions ?? [];
  return Object.fromEntries(found.map(({ type, status, reason }) => [type, `${status} ${reason}`]));
}

function messageOf(object: Agent | Channel | undefined, type: string): string | undefined {
  return object?.status?.conditions?.find((condition) => condition.type === type)?.message;
}

async function managementText(path: string): Promise<string> {
  const { host, port } = operator.managementAddress ?? { host: "", port: 0 };
  return (await fetch(`http://${host}:${port}${path}`)).text();
}

function eventually<T>(check: () => Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: patienceMs, interval: 20 });
}
