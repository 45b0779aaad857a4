import { silentLogger } from "@lmos/primitives";
import type { ChannelRouting } from "@lmos/resources";
import type { Classifier } from "@lmos/router";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeStore } from "../testing/fake-store.ts";
import { routingOf } from "../testing/routings.ts";
import type { ClassifierBuildOptions, UnclassifiedChannel } from "./channel-classifier.ts";
import { createRoutingTable, type RoutingTable } from "./routing-table.ts";

const web = { tenant: "acme", channel: "web", subset: "stable" };
const classifier: Classifier = { classify: () => Promise.reject(new Error("not asked")) };

/** Index builds that a test finishes one by one. */
class Builds {
  readonly all: (PromiseWithResolvers<Classifier> & {
    readonly channel: UnclassifiedChannel;
    readonly options: ClassifierBuildOptions;
    readonly signal: AbortSignal;
  })[] = [];

  /** What is given instead of a build. */
  atOnce: Classifier | undefined;

  create(channel: UnclassifiedChannel, options: ClassifierBuildOptions): Classifier | Promise<Classifier> {
    if (this.atOnce !== undefined) return this.atOnce;
    const build = Promise.withResolvers<Classifier>();
    const { signal } = options;
    signal.addEventListener("abort", () => build.reject(signal.reason));
    this.all.push({ ...build, channel, options, signal });
    return build.promise;
  }
}

let store: FakeStore;
let builds: Builds;
let clock: FakeClock;
let table: RoutingTable;
let stop: AbortController;
let run: Promise<void>;

beforeEach(() => {
  store = new FakeStore();
  builds = new Builds();
  clock = new FakeClock();
  stop = new AbortController();
  table = createRoutingTable({
    store,
    createClassifier: (channel, options) => builds.create(channel, options),
    clock,
    random: { next: () => 0 },
    logger: silentLogger,
  });
  run = table.run({ signal: stop.signal });
});

afterEach(async () => {
  stop.abort();
  await run;
});

const settle = (): Promise<void> => clock.advance(0);
const withAgents = (...names: readonly string[]): ChannelRouting =>
  routingOf(names.map((name) => ({ name, host: `${name}.default.svc.cluster.local` })));
const servedAgents = (): readonly string[] | undefined => table.find(web)?.agents.map(({ name }) => name);

async function finishBuild(index: number): Promise<void> {
  builds.all[index]?.resolve(classifier);
  await settle();
}

test("serves a channel once its index is built", async () => {
  store.put(withAgents("a"));
  expect(table.find(web)).toBeUndefined();
  await finishBuild(0);
  expect(table.find(web)).toMatchObject({ identity: web, agents: [{ name: "a" }], classifier });
  expect(table.find({ ...web, subset: "canary" })).toBeUndefined();
  expect(table.size).toBe(1);
});

test("serves a channel at once whose index waits for its first turn", () => {
  builds.atOnce = classifier;
  store.put(withAgents("a"));
  expect(table.find(web)).toMatchObject({ agents: [{ name: "a" }], classifier });
  store.put(withAgents("a", "b"));
  expect(servedAgents()).toEqual(["a", "b"]);
});

test("gives up the build of a state before one that is served at once", async () => {
  store.put(withAgents("a"));
  builds.atOnce = classifier;
  store.put(withAgents("b"));
  expect(builds.all[0]?.signal.aborted).toBe(true);
  await finishBuild(0);
  expect(servedAgents()).toEqual(["b"]);
});

test("serves the old snapshot while the new index is built, then only the new one", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  const old = table.find(web);
  store.put(withAgents("a", "b"));
  await settle();
  expect(table.find(web)).toBe(old);
  await finishBuild(1);
  expect(servedAgents()).toEqual(["a", "b"]);
  expect(table.find(web)?.hash).not.toBe(old?.hash);
});

test("serves a changed channel at once where the index before can be adapted", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  store.put(withAgents("a", "b"));
  await settle();
  const [, build] = builds.all;
  expect(build?.options.previous).toBe(classifier);
  const interim: Classifier = { classify: () => Promise.reject(new Error("not asked either")) };
  build?.options.onInterim(interim);
  expect(servedAgents()).toEqual(["a", "b"]);
  expect(table.find(web)?.classifier).toBe(interim);
  await finishBuild(1);
  expect(table.find(web)?.classifier).toBe(classifier);
});

test("goes on building the own index of a state whose interim one serves, when a change is taken back", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  store.put(withAgents("a", "b"));
  const interim: Classifier = { classify: () => Promise.reject(new Error("not asked either")) };
  builds.all[1]?.options.onInterim(interim);
  store.put(withAgents("a", "c"));
  store.put(withAgents("a", "b"));
  await finishBuild(3);
  expect(table.find(web)?.classifier).toBe(classifier);
});

test("takes no interim index of a build that was given up", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  store.put(withAgents("b"));
  store.put(withAgents("c"));
  builds.all[1]?.options.onInterim(classifier);
  expect(servedAgents()).toEqual(["a"]);
});

test("tells the settings of the channel, and builds anew when they change", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  const settings = { mode: "vector", fallbackAgent: "a" } as const;
  const routing = withAgents("a");
  store.put({ ...routing, spec: { ...routing.spec, routing: settings } });
  await finishBuild(1);
  expect(builds.all.map(({ channel }) => channel.settings)).toEqual([{}, settings]);
  expect(table.find(web)?.settings).toEqual(settings);
});

test("gives up the build of a state that is no longer wanted", async () => {
  store.put(withAgents("a"));
  store.put(withAgents("b"));
  expect(builds.all[0]?.signal.aborted).toBe(true);
  await finishBuild(1);
  expect(servedAgents()).toEqual(["b"]);
});

test("builds nothing for a change that changes nothing", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  store.put({ ...withAgents("a"), metadata: { ...withAgents("a").metadata, resourceVersion: "77" } });
  await settle();
  expect(builds.all).toHaveLength(1);
});

test("goes back to the served state when a change is taken back before it was built", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  store.put(withAgents("b"));
  store.put(withAgents("a"));
  await settle();
  expect(builds.all.map(({ signal }) => signal.aborted)).toEqual([false, true]);
  expect(servedAgents()).toEqual(["a"]);
});

test("removes the channel with its routing", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  store.remove(withAgents("a"));
  expect(table.find(web)).toBeUndefined();
  expect(table.size).toBe(0);
});

test("never serves a build that ends after its routing is gone", async () => {
  store.put(withAgents("a"));
  store.remove(withAgents("a"));
  await finishBuild(0);
  expect(table.find(web)).toBeUndefined();
});

test("moves with the labels of a routing", async () => {
  store.put(withAgents("a"));
  await finishBuild(0);
  const relabelled = withAgents("a");
  store.put({
    ...relabelled,
    metadata: { ...relabelled.metadata, labels: { tenant: "acme", channel: "ivr" } },
  });
  await finishBuild(1);
  expect(table.find(web)).toBeUndefined();
  expect(table.find({ ...web, channel: "ivr" })?.agents).toHaveLength(1);
});

test("of two routings for one channel takes the first by name, and the other when that is gone", async () => {
  const second = routingOf([{ name: "b", host: "b" }], { name: "second" });
  const first = routingOf([{ name: "a", host: "a" }], { name: "first" });
  store.put(second);
  store.put(first);
  await finishBuild(1);
  expect(servedAgents()).toEqual(["a"]);
  store.remove(first);
  await finishBuild(2);
  expect(servedAgents()).toEqual(["b"]);
});

describe("an index that cannot be built", () => {
  test("lets the channel be served without a classifier, and is tried again", async () => {
    store.put(withAgents("a"));
    builds.all[0]?.reject(new Error("no model"));
    await settle();
    expect(table.find(web)).toMatchObject({ agents: [{ name: "a" }], classifier: undefined });
    await clock.advance(1000);
    await finishBuild(1);
    expect(table.find(web)?.classifier).toBe(classifier);
  });

  const cases = [
    {
      name: "lets the classifier of before decide where agents came to it",
      agents: ["a", "b"],
      decides: true,
    },
    { name: "lets nobody decide who may choose an agent that is gone", agents: ["b"], decides: false },
  ];
  test.each(cases)("of a changed channel $name", async ({ agents, decides }) => {
    store.put(withAgents("a"));
    await finishBuild(0);
    store.put(withAgents(...agents));
    builds.all[1]?.reject(new Error("no vectors"));
    await settle();
    expect(servedAgents()).toEqual(agents);
    expect(table.find(web)?.classifier).toBe(decides ? classifier : undefined);
    await clock.advance(1000);
    const own: Classifier = { classify: () => Promise.reject(new Error("not asked")) };
    builds.all[2]?.resolve(own);
    await settle();
    expect(table.find(web)?.classifier).toBe(own);
  });

  test("is given up when the routing changes", async () => {
    store.put(withAgents("a"));
    builds.all[0]?.reject(new Error("no model"));
    await settle();
    store.put(withAgents("b"));
    await clock.advance(60_000);
    expect(builds.all).toHaveLength(2);
  });
});

describe("readiness", () => {
  test("comes when the first list is known and served", async () => {
    store.put(withAgents("a"));
    store.sync();
    await settle();
    expect(table.ready).toBe(false);
    await finishBuild(0);
    expect(table.ready).toBe(true);
    await table.whenReady({ signal: stop.signal });
  });

  test("comes although an index cannot be built", async () => {
    store.put(withAgents("a"));
    store.sync();
    builds.all[0]?.reject(new Error("no model"));
    await settle();
    expect(table.ready).toBe(true);
  });

  test("comes in an empty cluster, but not before that is known to be empty", async () => {
    await settle();
    expect(table.ready).toBe(false);
    store.sync();
    await settle();
    expect(table.ready).toBe(true);
  });
});

test("stops its builds when it stops", async () => {
  store.put(withAgents("a"));
  stop.abort();
  await run;
  expect(builds.all[0]?.signal.aborted).toBe(true);
});

describe("a table that is run again", () => {
  /** Ends the run, lets the store change, and begins another one. */
  async function runAgain(meanwhile: () => void): Promise<void> {
    stop.abort();
    await run;
    meanwhile();
    stop = new AbortController();
    run = table.run({ signal: stop.signal });
    await settle();
  }

  test("goes on serving what it served, without building it again", async () => {
    store.put(withAgents("a"));
    await finishBuild(0);
    const before = table.find(web);
    await runAgain(() => expect(table.find(web)).toBe(before));
    expect([table.find(web), builds.all.length]).toEqual([before, 1]);
  });

  test("builds again what was being built", async () => {
    store.put(withAgents("a"));
    await runAgain(() => undefined);
    expect(builds.all).toHaveLength(2);
    await finishBuild(1);
    expect(table.find(web)?.classifier).toBeDefined();
  });

  test("forgets what has gone meanwhile, and serves what has come", async () => {
    const before = withAgents("a");
    store.put(before);
    await finishBuild(0);
    await runAgain(() => {
      store.remove(before);
      store.put(routingOf([], { channel: "phone" }));
    });
    await finishBuild(1);
    expect([table.find(web), table.find({ ...web, channel: "phone" })?.identity.channel]).toEqual([
      undefined,
      "phone",
    ]);
  });
});
