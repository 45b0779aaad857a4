import { createObjectStore, type Indexes } from "@lmos/kube";
import { type ChannelRouting, capabilityGrantKind, type GrantsMode, tenantKind } from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterEach, describe, expect, it } from "vitest";
import { FakeKubeClient } from "../testing/fake-kube-client.ts";
import { grantOf, tenantOfName } from "../testing/grants.ts";
import { type LogLine, recordingLogger } from "../testing/recording-logger.ts";
import { routingOf } from "../testing/routings.ts";
import { createRoutingGrants } from "./routing-grants.ts";

const indexes: Indexes<ChannelRouting> = { name: ({ metadata }) => [metadata.name] };
const agent = (name: string, capability: string) => ({
  ...{ name, capability },
  host: `${name}.default.svc.cluster.local`,
});
/** As the API server gives it, with the version that tells whether it has changed. */
function versioned(agents: Parameters<typeof routingOf>[0], resourceVersion = "1"): ChannelRouting {
  const bare = routingOf(agents);
  return { ...bare, metadata: { ...bare.metadata, uid: "u1", resourceVersion } };
}
const routing = versioned([agent("billing", "bill"), agent("news", "headlines")]);
const running: AbortController[] = [];

afterEach(() => {
  for (const stopping of running.splice(0)) stopping.abort();
});

/** Grants followed over a mirror of routings that holds one, as far as the cluster has what is put there. */
async function follow(
  objects: readonly Parameters<FakeKubeClient["put"]>[0][],
  {
    mode = "enforce",
    prepare,
  }: { mode?: Exclude<GrantsMode, "off">; prepare?: (client: FakeKubeClient) => void } = {},
) {
  const client = new FakeKubeClient();
  for (const object of objects) client.put(object);
  prepare?.(client);
  const clock = new FakeClock();
  const store = createObjectStore<ChannelRouting>({ indexes });
  const entries: LogLine[] = [];
  const logger = recordingLogger(entries);
  const grants = createRoutingGrants(
    { store, indexes },
    { mode, client, clock, random: new SeededRandom(1), logger },
  );
  const stopping = new AbortController();
  running.push(stopping);
  const run = grants.run({ signal: stopping.signal });
  await clock.advance(0);
  store.replaceAll([routing]);
  await clock.advance(0);
  const served = (): readonly string[] =>
    grants.served
      .list()
      .flatMap(({ spec }) => spec.capabilityGroups)
      .flatMap(({ name, capabilities }) => capabilities.map((each) => `${each.name} of ${name}`));
  return { client, clock, store, grants, served, entries, stopping, run, settle: () => clock.advance(0) };
}

const both = ["bill of billing", "headlines of news"];

describe("S1 with enforce", () => {
  it("what is granted is served, and found by its index", async () => {
    const { served, grants } = await follow([grantOf("all")]);
    expect(served()).toEqual(both);
    expect(grants.served.byIndex("name", "acme-web-stable")).toEqual([routing]);
    expect([grants.ungranted, grants.served.synced]).toEqual([0, true]);
  });

  it("what nobody granted is not served, and told once", async () => {
    const { served, grants, entries, store, settle } = await follow([
      grantOf("one", { capabilities: ["bill"] }),
    ]);
    expect(served()).toEqual(["bill of billing"]);
    expect(grants.ungranted).toBe(1);
    store.put({ ...routing, metadata: { ...routing.metadata, resourceVersion: "2" } });
    await settle();
    const told = entries.filter(({ message }) => String(message).startsWith("Wires of a channel"));
    expect(told).toMatchObject([
      {
        level: "warn",
        message: "Wires of a channel are left out, as they are not granted",
        ...{ tenant: "acme", channel: "web", subset: "stable", routing: "default/acme-web-stable" },
        ...{ grants: "enforce", count: 1, wires: ["headlines 1.1.0 of news"] },
      },
    ]);
  });

  it("a routing of which nothing is granted is none", async () => {
    const { served, grants } = await follow([]);
    expect(served()).toEqual([]);
    expect(grants.served.list()).toEqual([]);
    expect([grants.ungranted, grants.served.synced]).toEqual([2, true]);
  });

  it("what is revoked is gone at once, and back with its grant", async () => {
    const grant = grantOf("all");
    const { client, served, settle, entries } = await follow([grant]);
    client.remove(grant);
    await settle();
    expect(served()).toEqual([]);
    client.put(grantOf("all", { providers: [{ namespace: "default", agent: "news" }] }));
    await settle();
    expect(served()).toEqual(["headlines of news"]);
    client.put(grant);
    await settle();
    expect(served()).toEqual(both);
    expect(entries.at(-1)?.["message"]).toBe("All wires of a channel are granted again");
  });

  it("listeners hear of what is served alone", async () => {
    const grant = grantOf("one", { capabilities: ["bill"] });
    const { client, grants, store, settle } = await follow([grant]);
    const heard: string[] = [];
    grants.served.subscribe(({ before, after }) => {
      const names = after?.spec.capabilityGroups.map(({ name }) => name) ?? [];
      heard.push(after === undefined ? `without ${before?.metadata.name}` : names.join());
    });
    client.put(grantOf("other", { tenants: ["globex"] })); // nothing of it concerns the routing
    await settle();
    expect(heard).toEqual([]);
    client.put(grantOf("one"));
    await settle();
    store.remove({ namespace: "default", name: "acme-web-stable" });
    await settle();
    expect(heard).toEqual(["billing,news", "without acme-web-stable"]);
  });

  it("a routing that is new or changed is looked at before it is served", async () => {
    const { store, grants, served, settle } = await follow([grantOf("one", { capabilities: ["bill"] })]);
    const named = { ...routing.metadata, name: "other" };
    store.put({ ...routingOf([agent("news", "headlines")]), metadata: { ...named, resourceVersion: "2" } });
    expect(grants.served.byIndex("name", "other")).toEqual([]);
    store.put({ ...routingOf([agent("mail", "bill")]), metadata: { ...named, resourceVersion: "3" } });
    await settle();
    expect(served()).toEqual(["bill of billing", "bill of mail"]);
  });

  it("a Tenant that does not vouch for the channel takes all of it", async () => {
    const { client, served, settle } = await follow([grantOf("all")]);
    client.put(tenantOfName("globex"));
    await settle();
    expect(served()).toEqual([]);
    client.put(tenantOfName("acme"));
    await settle();
    expect(served()).toEqual(both);
  });

  it("nothing is granted where the cluster has no such kinds", async () => {
    const { served, grants } = await follow([grantOf("all")], {
      prepare: (client) => (client.optional = []),
    });
    expect([served(), grants.served.synced]).toEqual([[], true]);
  });

  it.each([capabilityGrantKind, tenantKind])("nothing is served before $kind may be listed", async (kind) => {
    const { served, grants, client, clock } = await follow([grantOf("all")], {
      prepare: (some) => some.forbidden.add(kind.kind),
    });
    expect([served(), grants.served.synced]).toEqual([[], false]);
    client.forbidden.clear();
    await clock.advance(30_000);
    expect([served(), grants.served.synced]).toEqual([both, true]);
  });

  it("it goes on from what there is when it is run again", async () => {
    const { grants, served, stopping, run, store, clock } = await follow([grantOf("all")]);
    stopping.abort();
    await run;
    store.put(versioned([agent("mail", "bill")], "2"));
    expect(served()).toEqual(both); // nobody looks
    const again = new AbortController();
    running.push(again);
    void grants.run({ signal: again.signal });
    await clock.advance(0);
    expect(served()).toEqual(["bill of mail"]);
  });
});

it("S1 with audit all is served, and what is not granted is counted and told", async () => {
  const { served, grants, entries } = await follow([], { mode: "audit" });
  expect(served()).toEqual(both);
  expect(grants.ungranted).toBe(2);
  expect(entries.map(({ message }) => message)).toContain("Wires of a channel are not granted");
});

it("S1 names that look like none are told by their digest, and no more than ten wires", async () => {
  const wires = Array.from({ length: 12 }, (_, at) => agent(`a${at}`, "b\u0456ll"));
  const { store, entries, settle } = await follow([]);
  store.put(versioned(wires, "2"));
  await settle();
  const line = entries.at(-1);
  expect(line).toMatchObject({ count: 12 });
  expect(line?.["wires"]).toHaveLength(10);
  expect(JSON.stringify(line)).not.toContain("\u0456");
});
