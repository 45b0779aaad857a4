import { silentLogger, systemClock } from "@lmos/primitives";
import { channelIdentityOf } from "@lmos/resources";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type StubOperator, startStubOperator } from "../testing/stub-operator.ts";
import type { RoutingFeed } from "./feed.ts";
import { missesUntilGone } from "./missing-channels.ts";
import { createOperatorFeed, refreshMs } from "./operator-feed.ts";
import { disbeliefMs } from "./refuse-empty-lists.ts";

const web = { tenant: "acme", channel: "web", subset: "stable" };
const { signal } = new AbortController();

/** A clock that also knows how often the feed itself has gone to rest: the questions of a round have been heard then. */
class RoundClock extends FakeClock {
  rests = 0;

  override sleep(ms: number, options: { readonly signal: AbortSignal }): Promise<void> {
    if (options.signal === stop.signal) this.rests += 1;
    return super.sleep(ms, options);
  }
}

let clock: RoundClock;
let operator: StubOperator;
let feed: RoutingFeed;
let stop: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  operator = await startStubOperator("127.0.0.1:1");
  clock = new RoundClock();
  stop = new AbortController();
  feed = createOperatorFeed({
    url: `${operator.url}/`,
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
  });
  running = feed.run({ signal: stop.signal });
});
afterEach(async () => {
  stop.abort();
  await running;
  await operator[Symbol.asyncDispose]();
});

const fetchWeb = (identity = web) => feed.fetch?.(identity, { signal });
const names = () =>
  feed.routings
    .list()
    .map((routing) => Object.values(channelIdentityOf(routing)).join("-"))
    .sort();
const versions = () => feed.routings.list().map(({ metadata }) => metadata.resourceVersion);

async function refresh(): Promise<void> {
  const before = clock.rests;
  await clock.advance(refreshMs);
  await expect.poll(() => clock.rests, { interval: 5 }).toBe(before + 1);
}

function routingBody(changes: { readonly resourceVersion: string; readonly generation?: number }) {
  const labels = { tenant: "acme", channel: "web", subset: "stable" };
  const uid = "00000000-0000-0000-0000-000000000001";
  const metadata = { name: "acme-web-stable", namespace: "default", generation: 1, uid, labels, ...changes };
  return { metadata, spec: { capabilityGroups: [] } };
}

test("a channel is asked for once, however many turns come at the same time", async () => {
  const outcomes = await Promise.all([fetchWeb(), fetchWeb(), fetchWeb()]);
  expect(outcomes).toEqual([{ kind: "known" }, { kind: "known" }, { kind: "known" }]);
  expect(operator.asked).toHaveLength(1);
  await fetchWeb();
  expect(operator.asked).toHaveLength(1);
  expect(feed.routings.list()).toHaveLength(1);
});

test("subsets are asked for apart, the default one without a header", async () => {
  await fetchWeb();
  await fetchWeb({ ...web, subset: "canary" });
  expect(operator.asked.map(({ headers }) => headers["x-subset"])).toEqual([undefined, "canary"]);
});

test("a channel that the operator does not know is not there, and asked for again after a second", async () => {
  const nobody = { ...web, tenant: "nobody" };
  expect(await fetchWeb(nobody)).toEqual({ kind: "known" });
  await fetchWeb(nobody);
  expect(operator.asked).toHaveLength(1);
  await clock.advance(1000);
  await fetchWeb(nobody);
  expect(operator.asked).toHaveLength(2);
  expect(feed.routings.list()).toEqual([]);
});

describe("of routings with equal names", () => {
  const other = { ...web, tenant: "other" };
  const named = (identity: typeof web, metadata: object = {}) => {
    const { tenant, channel, subset } = identity;
    const labels = { tenant, channel, subset };
    return { metadata: { name: "web", labels, ...metadata }, spec: { capabilityGroups: [] } };
  };
  const offer = async (identity: typeof web, metadata: object = {}) => {
    operator.answerWith({ status: 200, body: named(identity, metadata) });
    return fetchWeb(identity);
  };

  test("none takes another's place, where the operator leaves namespaces out", async () => {
    await offer(web);
    await offer(other);
    expect(names()).toEqual(["acme-web-stable", "other-web-stable"]);
  });

  test("an object that is of another channel now does not take the place of what it was", async () => {
    const object = { namespace: "default", uid: "u1", resourceVersion: "1" };
    await offer(web, object);
    await offer(other, { ...object, resourceVersion: "2" });
    expect(names()).toEqual(["acme-web-stable", "other-web-stable"]);
  });
});

test.each(["tenant", "channel", "subset"] as const)(
  "what no %s can be called is not there, without asking for it",
  async (part) => {
    for (const length of [254, 2000]) {
      const name = "x".repeat(length);
      expect(await fetchWeb({ ...web, [part]: name })).toEqual({ kind: "known" });
    }
    expect(operator.asked).toEqual([]);
    await fetchWeb({ ...web, [part]: "x".repeat(253) });
    expect(operator.asked).toHaveLength(1);
  },
);

describe("without a routing from before, the turn is told", () => {
  test.each([
    { name: "500", tenant: "broken", message: "Unexpected response from operator" },
    {
      name: "something else than a routing",
      tenant: "garbage",
      message: "Unexpected response body from operator",
    },
  ])("when the operator answers $name", async ({ tenant, message }) => {
    expect(await fetchWeb({ ...web, tenant })).toEqual({ kind: "failed", message });
  });

  test("when the operator is away", async () => {
    const away = createOperatorFeed({
      url: "http://127.0.0.1:1",
      clock: systemClock,
      random: new SeededRandom(1),
      logger: silentLogger,
    });
    expect(await away.fetch?.(web, { signal })).toEqual({
      kind: "failed",
      message: "Operator responded with an error",
    });
  });

  test("when the routing is another channel's", async () => {
    operator.answerWith({ status: 200, body: routingBody({ resourceVersion: "1" }) });
    expect(await fetchWeb({ ...web, tenant: "other" })).toMatchObject({ kind: "failed" });
    expect(feed.routings.list()).toEqual([]);
  });
});

describe("while the operator gives no answer at all", () => {
  test("the feed stops all the same", async () => {
    await fetchWeb();
    operator.answerWith("nothing");
    const before = operator.asked.length;
    await clock.advance(refreshMs);
    await expect.poll(() => operator.asked.length, { interval: 5 }).toBeGreaterThan(before);
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });

  test("a turn that waits when the feed stops is told nothing internal", async () => {
    operator.answerWith("nothing");
    const waiting = fetchWeb();
    await expect.poll(() => operator.asked.length).toBe(1);
    stop.abort();
    expect(await waiting).toEqual({ kind: "failed", message: "Operator responded with an error" });
  });
});

describe("with a routing from before", () => {
  beforeEach(() => fetchWeb());

  test("a newer one takes its place", async () => {
    operator.answerWith({ status: 200, body: routingBody({ resourceVersion: "7", generation: 2 }) });
    await refresh();
    expect(versions()).toEqual(["7"]);
    expect(feed.ageMs()).toBe(0);
  });

  const kept = [
    { name: "500", status: 500, body: {} },
    { name: "something else", status: 200, body: { hello: 1 } },
    { name: "404 once", status: 404, body: "" },
    { name: "an older generation", status: 200, body: routingBody({ resourceVersion: "9", generation: 0 }) },
    { name: "an older version", status: 200, body: routingBody({ resourceVersion: "0" }) },
  ];
  test.each(kept)("it stays when the operator answers $name", async ({ status, body }) => {
    operator.answerWith({ status, body });
    await refresh();
    expect(versions()).toEqual(["1"]);
    expect(await fetchWeb()).toEqual({ kind: "known" });
  });

  test("it goes when the channel is missing again and again, and another one is there", async () => {
    await fetchWeb({ ...web, subset: "canary" });
    operator.answerWith({ status: 404, body: "" }, "stable");
    for (let miss = 1; miss < missesUntilGone; miss++) await refresh();
    expect(names()).toEqual(["acme-web-canary", "acme-web-stable"]);
    await refresh();
    expect(names()).toEqual(["acme-web-canary"]);
  });

  test("it stays for five minutes when nothing at all is found any more", async () => {
    await fetchWeb({ ...web, subset: "canary" });
    operator.answerWith({ status: 404, body: "" });
    for (let passed = refreshMs; passed <= disbeliefMs; passed += refreshMs) await refresh();
    expect(names()).toEqual(["acme-web-canary", "acme-web-stable"]);
    await refresh();
    expect(names()).toEqual([]);
  });

  test("it stays when it is missing only now and then", async () => {
    await fetchWeb({ ...web, subset: "canary" });
    for (const status of [404, 404, 503, 404, 404, 500]) {
      operator.answerWith({ status, body: "" }, "stable");
      await refresh();
    }
    expect(names()).toEqual(["acme-web-canary", "acme-web-stable"]);
  });

  test("its age is the time since the operator said so", async () => {
    operator.answerWith({ status: 500, body: {} });
    await refresh();
    await refresh();
    expect(feed.ageMs()).toBe(2 * refreshMs);
  });

  test("channels are shown from the last answer while the operator fails", async () => {
    const query = { tenant: "acme", channel: "web", subset: undefined, namespace: undefined };
    expect(await feed.catalogue.channel(query, { signal })).toMatchObject({ kind: "found" });
    operator.answerWith({ status: 500, body: {} });
    expect(await feed.catalogue.channel(query, { signal })).toMatchObject({ kind: "found" });
    const never = { ...query, subset: "canary" };
    expect(await feed.catalogue.channel(never, { signal })).toMatchObject({
      kind: "failed",
      failure: { message: "Unexpected response getting channel" },
    });
  });
});
