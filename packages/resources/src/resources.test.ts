import { describe, expect, it } from "vitest";
import { agentKind } from "./agent.ts";
import { capabilityGrantKind } from "./capability-grant.ts";
import { channelKind } from "./channel.ts";
import { channelRolloutKind } from "./channel-rollout.ts";
import { channelRoutingKind } from "./channel-routing.ts";
import { conditionOf, transition } from "./conditions.ts";
import { customResourceDefinition } from "./crd.ts";
import { customKinds } from "./kinds.ts";
import { channelIdentityOf, subsetOf } from "./labels.ts";
import { selects } from "./service.ts";
import { formatLocalEndpoints, localEndpointsOf, parseServiceHost, serviceHost } from "./service-host.ts";
import { tenantKind } from "./tenant.ts";
import { deploymentKind } from "./workload.ts";

const meta = { apiVersion: "lmos.eclipse/v1" };

describe("parsing", () => {
  it("fills in what the Kotlin resources leave out", () => {
    const agent = agentKind.parse({
      ...meta,
      kind: "Agent",
      metadata: { name: "news-agent" },
      spec: { description: "News", providedCapabilities: [{ name: "get-news", version: "1.0.0" }] },
    });
    expect(agent.spec.supportedTenants).toEqual([]);
    expect(agent.spec.providedCapabilities[0]).toEqual({
      id: "",
      name: "get-news",
      version: "1.0.0",
      description: "",
      examples: [],
    });
  });

  it.each([
    { name: "a version that is not semantic", version: "1.0" },
    { name: "the word latest", version: "latest" },
    { name: "an empty range", version: "" },
  ])("accepts $name: a semantic fault is for a condition to report", ({ version }) => {
    const channel = {
      ...meta,
      kind: "Channel",
      metadata: { name: "a" },
      spec: { requiredCapabilities: [{ name: "x", version }] },
    };
    expect(channelKind.parse(channel).spec.requiredCapabilities[0]?.version).toBe(version);
  });

  it("reads a Channel without a spec as one that requires nothing", () => {
    expect(
      channelKind.parse({ ...meta, kind: "Channel", metadata: { name: "a" } }).spec.requiredCapabilities,
    ).toEqual([]);
  });

  it("names the field of what it cannot read", () => {
    const broken = {
      ...meta,
      kind: "ChannelRouting",
      metadata: { name: "a" },
      spec: { capabilityGroups: [{ name: 7 }] },
    };
    expect(() => channelRoutingKind.parse(broken)).toThrow(/capabilityGroups/);
  });

  it("keeps the member order of the Kotlin read API", () => {
    const routing = channelRoutingKind.parse({
      kind: "ChannelRouting",
      apiVersion: "lmos.eclipse/v1",
      spec: {
        capabilityGroups: [
          {
            description: "d",
            capabilities: [{ host: "h", description: "c", providedVersion: "1.0.0", name: "n" }],
            name: "g",
          },
        ],
      },
      metadata: { name: "r" },
    });
    expect(Object.keys(routing)).toEqual(["apiVersion", "kind", "metadata", "spec"]);
    expect(Object.keys(routing.spec.capabilityGroups[0] ?? {})).toEqual([
      "id",
      "name",
      "capabilities",
      "description",
    ]);
    expect(Object.keys(routing.spec.capabilityGroups[0]?.capabilities[0] ?? {})).toEqual([
      "id",
      "name",
      "requiredVersion",
      "providedVersion",
      "host",
      "description",
    ]);
  });

  it("reads a Deployment that says nothing about replicas as one of one", () => {
    const deployment = deploymentKind.parse({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a" },
      spec: { selector: { matchLabels: { app: "a" } }, template: { spec: { containers: [{ name: "c" }] } } },
    });
    expect(deployment.spec.replicas).toBe(1);
    expect(deployment.spec.template.metadata.annotations).toEqual({});
  });
});

describe("CustomResourceDefinitions", () => {
  it.each(customKinds.map((kind) => ({ name: kind.kind, kind })))("$name is structural", ({ kind }) => {
    const text = JSON.stringify(customResourceDefinition(kind));
    for (const keyword of ["$schema", "$ref", "anyOf", "propertyNames", '"default"', "9007199254740991"]) {
      expect(text).not.toContain(keyword);
    }
    expect(text).toContain('"categories":["lmos"]');
  });

  it.each([agentKind, channelKind, channelRoutingKind, channelRolloutKind])(
    "$kind has conditions that are merged by type",
    (kind) => {
      const text = JSON.stringify(customResourceDefinition(kind));
      expect(text).toContain('"x-kubernetes-list-map-keys":["type"]');
      expect(text).toContain('"subresources":{"status":{}}');
    },
  );

  it.each([tenantKind, capabilityGrantKind])("$kind has no status, as nobody would write it", (kind) => {
    expect(JSON.stringify(customResourceDefinition(kind))).not.toContain('"status"');
  });

  it("describes every field", () => {
    for (const kind of customKinds) expect(undescribed(customResourceDefinition(kind))).toEqual([]);
  });
});

describe("labels", () => {
  it.each([
    { name: "no labels", labels: undefined, subset: "stable" },
    { name: "an empty label", labels: { subset: "" }, subset: "stable" },
    { name: "a canary", labels: { subset: "canary" }, subset: "canary" },
  ])("$name means subset $subset", ({ labels, subset }) => {
    expect(subsetOf({ metadata: { labels } })).toBe(subset);
  });

  it("gives a channel its identity", () => {
    expect(channelIdentityOf({ metadata: { labels: { tenant: "acme", channel: "web" } } })).toEqual({
      tenant: "acme",
      channel: "web",
      subset: "stable",
    });
  });

  it.each([
    { name: "an empty selector selects nothing", selector: {}, labels: { app: "a" }, selected: false },
    { name: "all labels must fit", selector: { app: "a", tier: "b" }, labels: { app: "a" }, selected: false },
    {
      name: "further labels do not matter",
      selector: { app: "a" },
      labels: { app: "a", tier: "b" },
      selected: true,
    },
  ])("$name", ({ selector, labels, selected }) => {
    expect(selects(selector, labels)).toBe(selected);
  });
});

describe("conditions", () => {
  const before = [
    { type: "Ready", status: "True" as const, reason: "A", message: "a", lastTransitionTime: "t0" },
  ];

  it.each([
    {
      name: "cuts a message that is longer than a server takes",
      message: "x".repeat(40_000),
      length: 32_768,
    },
    { name: "keeps one that is not", message: "x".repeat(32_768), length: 32_768 },
    {
      name: "leaves no half of a character where it cuts",
      message: `x${"😀".repeat(20_000)}`,
      length: 32_768,
    },
    { name: "leaves none that was there before", message: `a${"😀".slice(0, 1)}`, length: 2 },
  ])("$name", ({ message, length }) => {
    const [written] = transition(undefined, [{ type: "Ready", status: "True", reason: "A", message }], "t1");
    expect(written?.message).toHaveLength(length);
    expect(written?.message.isWellFormed()).toBe(true);
  });

  it("keeps the transition time while the status stays, and moves it when it changes", () => {
    const same = transition(before, [{ type: "Ready", status: "True", reason: "B", message: "b" }], "t1");
    expect(conditionOf(same, "Ready")).toMatchObject({ reason: "B", lastTransitionTime: "t0" });
    const changed = transition(before, [{ type: "Ready", status: "False", reason: "B", message: "b" }], "t1");
    expect(conditionOf(changed, "Ready")?.lastTransitionTime).toBe("t1");
  });
});

describe("service hosts", () => {
  it.each([
    { name: "the default port stays unwritten", port: 8080, host: "news.default.svc.cluster.local" },
    { name: "another port is written", port: 9000, host: "news.default.svc.cluster.local:9000" },
  ])("$name", ({ port, host }) => {
    const address = { service: "news", namespace: "default", port };
    expect(serviceHost(address)).toBe(host);
    expect(parseServiceHost(host)).toEqual(address);
  });

  it("reads the host that a hand-made Agent with dots in its name has", () => {
    const address = { service: "news.v1", namespace: "default", port: 8080 };
    expect(parseServiceHost("news.v1.default.svc.cluster.local")).toEqual(address);
    expect(serviceHost(address)).toBe("news.v1.default.svc.cluster.local");
  });

  it.each([".default", "news..default", "-", "news.default.svc.cluster.local."])(
    "%s is no Service",
    (text) => {
      expect(parseServiceHost(`${text}.svc.cluster.local`)).toBeUndefined();
    },
  );

  it("does not take another host for a Service", () => {
    expect(parseServiceHost("localhost:8080")).toBeUndefined();
  });

  it("writes and reads local endpoints, and reads nonsense as none", () => {
    const endpoints = [
      { address: "127.0.0.1", port: 8080, targetPort: 4002 },
      { address: "127.0.0.1", port: 8080, targetPort: 4001 },
    ];
    const service = (text: string) => ({
      metadata: { name: "s", annotations: { "lmos.dev/local-endpoints": text } },
    });
    expect(localEndpointsOf(service(formatLocalEndpoints(endpoints)))).toEqual([endpoints[1], endpoints[0]]);
    expect(localEndpointsOf(service("not json"))).toEqual([]);
    expect(localEndpointsOf({ metadata: { name: "s" } })).toEqual([]);
  });
});

/** Paths of schema properties below spec and status that carry no description. */
function undescribed(node: unknown, path = ""): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, member]) => {
    if (key !== "properties") return undescribed(member, `${path}/${key}`);
    return Object.entries(member as Record<string, Record<string, unknown>>).flatMap(([name, schema]) => {
      const missing = name !== "metadata" && schema["description"] === undefined ? [`${path}/${name}`] : [];
      return [...missing, ...undescribed(schema, `${path}/${name}`)];
    });
  });
}
