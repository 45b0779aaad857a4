import { type StreamEvent, silentLogger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OperatorQuery, OperatorWatch, WatchOptions } from "./operator-client.ts";
import { OperatorWatches, type WatchNews } from "./operator-watches.ts";

const web = { tenant: "acme", channel: "web", subset: "stable" };

/** A connection that the test feeds. */
class FakeConnection {
  readonly query: OperatorQuery;
  readonly options: WatchOptions;
  #next = Promise.withResolvers<StreamEvent | Error | undefined>();

  constructor(query: OperatorQuery, options: WatchOptions) {
    this.query = query;
    this.options = options;
    options.signal.addEventListener("abort", () => this.#next.resolve(new Error("aborted")));
  }

  /** Sends an event; undefined ends the stream, an error breaks it. */
  async send(event: StreamEvent | Error | undefined): Promise<void> {
    this.#next.resolve(event);
    this.#next = Promise.withResolvers();
    await settled();
  }

  async *events(): AsyncGenerator<StreamEvent> {
    for (;;) {
      const event = await this.#next.promise;
      if (event === undefined) return;
      if (event instanceof Error) throw event;
      this.options.onHeard();
      yield event;
    }
  }
}

let clock: FakeClock;
let connections: FakeConnection[];
let refusal: Exclude<OperatorWatch, { kind: "open" }> | undefined;
let news: string[];
let watches: OperatorWatches;

beforeEach(() => {
  clock = new FakeClock();
  connections = [];
  refusal = undefined;
  news = [];
  watches = new OperatorWatches({
    client: {
      watch: async (query, options) => {
        const connection = new FakeConnection(query, options);
        connections.push(connection);
        return refusal ?? { kind: "open", events: connection.events() };
      },
    },
    clock,
    random: new SeededRandom(1),
    logger: silentLogger,
    onNews: ({ channel }, each) => news.push(`${channel} ${newsText(each)}`),
  });
});
afterEach(() => watches.stop());

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await clock.advance(0);
}

async function follow(...channels: readonly string[]): Promise<void> {
  watches.follow(channels.map((channel) => ({ ...web, channel })));
  await settled();
}

const event = (name: string, data: unknown = {}, id?: string): StreamEvent => ({
  event: name,
  data: JSON.stringify(data),
  id,
});

async function send(...events: readonly (StreamEvent | Error | undefined)[]): Promise<void> {
  for (const each of events) await connections.at(-1)?.send(each);
}

describe("a watch", () => {
  test("asks for the routing of its channel", async () => {
    await follow("web");
    expect(connections.map(({ query }) => query)).toEqual([
      { tenant: "acme", channel: "web", routing: true, subset: undefined },
    ]);
  });

  test("tells what there is and what changes, and is live then", async () => {
    await follow("web");
    expect(watches.isLive(web)).toBe(false);
    await send(event("added", { a: 1 }), event("synced", {}, "7"), event("modified", { a: 2 }, "9"));
    expect(watches.isLive(web)).toBe(true);
    expect(news.filter((each) => !each.endsWith("same"))).toEqual([
      'web routing {"a":1}',
      'web routing {"a":2}',
    ]);
  });

  test("tells that all is as it was with whatever it hears while it is live", async () => {
    await follow("web");
    connections[0]?.options.onHeard();
    expect(news).toEqual([]);
    await send(event("added", {}));
    connections[0]?.options.onHeard();
    expect(news).toEqual(["web routing {}", "web same"]);
  });

  const missing: readonly {
    readonly name: string;
    readonly told: string;
    readonly events: readonly StreamEvent[];
  }[] = [
    { name: "nothing is there", told: "missing", events: [event("synced")] },
    { name: "it is deleted", told: "deleted", events: [event("added"), event("synced"), event("deleted")] },
    {
      name: "it is gone when all is told anew",
      told: "missing",
      events: [event("added"), event("reset", {}, "9"), event("synced")],
    },
  ];
  test.each(missing)("says so when $name, and leaves it to be confirmed", async ({ told, events }) => {
    await follow("web");
    await send(...events);
    expect(news.at(-1)).toBe(`web ${told}`);
    expect(watches.isLive(web)).toBe(false);
  });

  test("is live again when the routing is", async () => {
    await follow("web");
    await send(event("added"), event("deleted"), event("added", { b: 1 }));
    expect([news.at(-1), watches.isLive(web)]).toEqual(['web routing {"b":1}', true]);
  });

  test("takes what is no JSON for no routing, and events that it does not know for nothing", async () => {
    await follow("web");
    await send({ event: "added", data: "{", id: undefined }, event("renamed"));
    expect(news.filter((each) => !each.endsWith("same"))).toEqual(["web routing undefined"]);
  });
});

function newsText(news: WatchNews): string {
  if (news.kind === "routing") return `routing ${JSON.stringify(news.body)}`;
  return news.kind === "missing" && news.deleted ? "deleted" : news.kind;
}

describe("a watch that ends", () => {
  test("goes on where it was, after a while", async () => {
    await follow("web");
    await send(event("added"), event("synced", {}, "7"), undefined);
    expect(watches.isLive(web)).toBe(false);
    expect(connections).toHaveLength(1);
    await clock.advance(1000);
    await settled();
    expect(connections[1]?.options.lastEventId).toBe("7");
    await send(event("synced", {}, "8"));
    expect([news.at(-1), watches.isLive(web)]).toEqual(["web same", true]);
  });

  test("is opened again later and later while nothing is told, at most every 30 s", async () => {
    refusal = { kind: "failed", reason: "status 503" };
    await follow("web");
    const seen = [connections.length];
    for (const ms of [1000, 3000, 10_000, 30_000, 30_000]) {
      await clock.advance(ms);
      await settled();
      seen.push(connections.length);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBeGreaterThanOrEqual(5);
    expect(seen.at(-1)).toBeLessThan(12);
  });

  test.each([
    { name: "broken", end: new Error("reset by peer") },
    { name: "silent", end: new Error("silence") },
  ])("$name is opened again", async ({ end }) => {
    await follow("web");
    await send(event("added"), end);
    await clock.advance(1000);
    await settled();
    expect(connections).toHaveLength(2);
  });
});

describe("an operator that serves no watches", () => {
  test("is not asked for them again for five minutes", async () => {
    refusal = { kind: "unsupported" };
    await follow("web");
    await follow("web", "ivr");
    expect(connections).toHaveLength(1);
    await clock.advance(5 * 60_000);
    await follow("web", "ivr");
    expect(connections).toHaveLength(3);
  });
});

describe("many channels", () => {
  const channels = Array.from({ length: 150 }, (_, index) => `c${index}`);

  test("are watched a few at a time, and no more than a hundred", async () => {
    const counts: number[] = [];
    for (let round = 0; round < 7; round++) {
      await follow(...channels);
      counts.push(connections.length);
    }
    expect(counts).toEqual([20, 40, 60, 80, 100, 100, 100]);
  });

  test("keep their watches, whatever their order is", async () => {
    for (let round = 0; round < 6; round++) await follow(...channels);
    await follow(...channels.toReversed());
    expect(connections).toHaveLength(100);
    expect(connections.filter(({ options }) => options.signal.aborted)).toEqual([]);
  });

  test("that are no longer served are no longer watched", async () => {
    await follow("web", "ivr");
    await follow("ivr");
    const [first, second] = connections;
    expect([first?.options.signal.aborted, second?.options.signal.aborted]).toEqual([true, false]);
    expect(watches.isLive(web)).toBe(false);
  });

  test("end with the runtime", async () => {
    await follow("web", "ivr");
    await watches.stop();
    expect(connections.every(({ options }) => options.signal.aborted)).toBe(true);
  });
});
