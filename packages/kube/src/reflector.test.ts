import { FakeClock, SeededRandom } from "@lmos/testing";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { createKubeMetrics } from "./metrics.ts";
import { keyOf } from "./object.ts";
import { createReflector, type Reflector } from "./reflector.ts";
import type { Change, Store } from "./store.ts";
import { type Exchange, FakeApiServer } from "./testing/fake-api-server.ts";
import { metricValue } from "./testing/metric-value.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";
import { frame, listOf, status, type Widget, widget, widgets } from "./testing/widget.ts";

const failed = "list or watch failed, trying again";
const expired = "watch expired, listing again";

/** A reflector over a real client and HTTP, with a server and a clock that the test moves. */
interface World {
  readonly server: FakeApiServer;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly store: Store<Widget>;
  readonly reflector: Reflector<Widget>;
  readonly registry: Registry;
  /** All changes so far, as `+name@version`, `~name@version` and `-name@version`. */
  readonly changes: string[];
  /** Resolves with the next change. */
  changed(): Promise<string>;
  stop(): Promise<void>;
}

async function inWorld(run: (world: World) => Promise<void>): Promise<void> {
  await using server = await FakeApiServer.start();
  const clock = new FakeClock();
  const random = new SeededRandom(1);
  const logger = new RecordingLogger();
  await using client = createKubeClient({ connection: server.connection, clock, userAgent: "test", random });
  const registry = new Registry();
  const metrics = createKubeMetrics(registry);
  const reflector = createReflector({ client, type: widgets, clock, random, logger, metrics });
  const changes: string[] = [];
  const waiting: ((change: string) => void)[] = [];
  reflector.store.subscribe((change) => {
    changes.push(describeChange(change));
    waiting.shift()?.(describeChange(change));
  });
  const controller = new AbortController();
  const running = reflector.run({ signal: controller.signal });
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
  };
  const changed = (): Promise<string> => new Promise((resolve) => waiting.push(resolve));
  try {
    await run({ server, clock, logger, reflector, registry, store: reflector.store, changes, changed, stop });
  } finally {
    await stop();
  }
}

function describeChange({ before, after }: Change<Widget>): string {
  const sign = before === undefined ? "+" : after === undefined ? "-" : "~";
  const { name, resourceVersion } = (after ?? before)?.metadata ?? {};
  return `${sign}${name}@${resourceVersion}`;
}

/** Answers the list and returns the watch that follows it. */
async function listThenWatch(
  { server }: World,
  version: number,
  items: readonly unknown[],
): Promise<Exchange> {
  (await server.next()).reply(200, listOf(version, items));
  return server.next();
}

/** Waits for the failure that `cause` brings about, then lets its back-off pass. */
async function failThenWait({ logger, clock }: World, cause: () => void, message = failed): Promise<number> {
  const logged = logger.next(message);
  cause();
  const { retryInMs } = await logged;
  await clock.advance(Number(retryInMs));
  return Number(retryInMs);
}

const cases: readonly { readonly name: string; readonly run: (world: World) => Promise<void> }[] = [
  {
    name: "lists in pages of 500, then watches with bookmarks from the list's version",
    run: async ({ server, store }) => {
      const first = await server.next();
      expect(first.path).toBe("/apis/things.test/v1/widgets");
      expect(first.query).toEqual({ limit: "500" });
      first.reply(200, listOf(7, [widget("a", 1)], "more"));
      const second = await server.next();
      expect(second.query).toEqual({ limit: "500", continue: "more" });
      expect(store.synced).toBe(false);
      expect(store.list()).toEqual([]);
      second.reply(200, listOf(7, [widget("b", 2)]));
      const watch = await server.next();
      expect(watch.query).toMatchObject({ watch: "true", allowWatchBookmarks: "true", resourceVersion: "7" });
      expect(Number(watch.query["timeoutSeconds"])).toBeGreaterThanOrEqual(25);
      expect(Number(watch.query["timeoutSeconds"])).toBeLessThanOrEqual(35);
      expect(store.synced).toBe(true);
      expect(store.list().map((object) => object.metadata.name)).toEqual(["a", "b"]);
    },
  },
  {
    name: "starts the list anew when a page token has expired",
    run: async (world) => {
      (await world.server.next()).reply(200, listOf(7, [widget("a", 1)], "more"));
      const page = await world.server.next();
      await failThenWait(world, () => page.reply(410, status(410, "Expired")), expired);
      expect((await world.server.next()).query).toEqual({ limit: "500" });
    },
  },
  {
    name: "follows what the watch tells, also when a character is cut in two",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, [widget("a", 1)]);
      await watch.send(frame("MODIFIED", widget("a", 2)), frame("ADDED", widget("b", 3)));
      const bytes = Buffer.from(frame("MODIFIED", widget("b", 4, { colour: "grün" })));
      const cut = bytes.indexOf(0xc3) + 1;
      await watch.send(bytes.subarray(0, cut), bytes.subarray(cut), frame("DELETED", widget("a", 5)));
      while (world.changes.length < 5) await world.changed();
      expect(world.changes).toEqual(["+a@1", "~a@2", "+b@3", "~b@4", "-a@2"]);
      expect(world.store.get({ namespace: "home", name: "b" })?.spec?.colour).toBe("grün");
    },
  },
  {
    name: "lists again after 410 as the watch's HTTP status",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, [widget("a", 1)]);
      expect(await failThenWait(world, () => watch.reply(410, status(410, "Gone")), expired)).toBe(0);
      const again = await listThenWatch(world, 9, [widget("a", 8)]);
      expect(again.query["resourceVersion"]).toBe("9");
      expect(world.changes).toEqual(["+a@1", "~a@8"]);
    },
  },
  {
    name: "lists again at once after 410 as an event, and waits when that does not help",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      const gone = frame("ERROR", status(410, "Expired"));
      expect(await failThenWait(world, () => void watch.send(gone), expired)).toBe(0);
      const again = await listThenWatch(world, 1, []);
      expect(await failThenWait(world, () => void again.send(gone), expired)).toBeGreaterThan(0);
      expect((await world.server.next()).query).toEqual({ limit: "500" });
    },
  },
  {
    name: "announces nothing when a new list holds the same versions",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, [widget("a", 1), widget("b", 1)]);
      await failThenWait(world, () => watch.reply(410, status(410, "Gone")), expired);
      await listThenWatch(world, 9, [widget("b", 1), widget("a", 1)]);
      expect(world.changes).toEqual(["+a@1", "+b@1"]);
    },
  },
  {
    name: "goes on from the last version after a cut in the middle of a line",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      const added = world.changed();
      await watch.send(frame("ADDED", widget("a", 5)), frame("ADDED", widget("b", 6)).slice(0, 40));
      await added;
      await failThenWait(world, () => watch.cut());
      const again = await world.server.next();
      expect(again.query).toMatchObject({ watch: "true", resourceVersion: "5" });
      expect(world.changes).toEqual(["+a@5"]);
    },
  },
  {
    name: "takes a clean end in the middle of a line for a cut",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      await watch.send(frame("ADDED", widget("a", 5)).slice(0, 40));
      await failThenWait(world, () => watch.end());
      expect((await world.server.next()).query).toMatchObject({ watch: "true", resourceVersion: "1" });
    },
  },
  {
    name: "lists again when an event is not JSON",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      await failThenWait(world, () => void watch.send("{oops}\n"));
      expect((await world.server.next()).query).toEqual({ limit: "500" });
    },
  },
  {
    name: "goes on from a bookmark after a clean end, at once when the watch lived longer than a second",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      const bookmark = { kind: "Widget", metadata: { resourceVersion: "42" } };
      await watch.send(
        frame("BOOKMARK", bookmark),
        frame("ADDED", widget("a", 43)),
        frame("BOOKMARK", bookmark),
      );
      await world.changed();
      await world.clock.advance(1_000);
      watch.end();
      expect((await world.server.next()).query).toMatchObject({ watch: "true", resourceVersion: "42" });
    },
  },
  {
    name: "asks a server that closes every watch at once only once a second",
    run: async (world) => {
      let watch = await listThenWatch(world, 1, []);
      for (let round = 0; round < 5; round++) {
        watch.open();
        watch.end();
        const before = world.server.received;
        while (world.clock.sleeping < 1) await world.clock.advance(0);
        await world.clock.advance(900);
        expect(world.server.received).toBe(before);
        const next = world.server.next();
        await world.clock.advance(100);
        watch = await next;
      }
    },
  },
  {
    name: "tries for ever after HTTP 403 on the watch, ever more slowly up to 30 s, without listing",
    run: async (world) => {
      let watch = await listThenWatch(world, 1, []);
      const delays: number[] = [];
      for (let round = 0; round < 20; round++) {
        delays.push(await failThenWait(world, () => watch.reply(403, status(403, "Forbidden"))));
        watch = await world.server.next();
        expect(watch.query).toMatchObject({ watch: "true", resourceVersion: "1" });
      }
      expect(Math.max(...delays.slice(0, 3))).toBeLessThanOrEqual(3_200);
      expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
      expect(Math.max(...delays)).toBeGreaterThan(10_000);
      await watch.send(frame("ADDED", widget("a", 2)));
      expect(await world.changed()).toBe("+a@2");
    },
  },
  {
    name: "tries for ever after a list that is refused",
    run: async (world) => {
      for (let round = 0; round < 12; round++) {
        const list = await world.server.next();
        await failThenWait(world, () => list.reply(403, status(403, "Forbidden")));
      }
      await listThenWatch(world, 1, [widget("a", 1)]);
      expect(world.changes).toEqual(["+a@1"]);
    },
  },
  {
    name: "tells a deletion and an addition when an object was re-created in a gap",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, [widget("a", 1, { uid: "old" })]);
      await failThenWait(world, () => watch.reply(410, status(410, "Gone")), expired);
      await listThenWatch(world, 9, [widget("a", 8, { uid: "new" })]);
      expect(world.changes).toEqual(["+a@1", "-a@1", "+a@8"]);
    },
  },
  {
    name: "notices a half-open watch within 45 s and goes on from the last version",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      const added = world.changed();
      await watch.send(frame("ADDED", widget("a", 5)));
      await added;
      const logged = world.logger.next(failed);
      await world.clock.advance(29_999);
      expect(world.logger.lines).toEqual([]);
      await world.clock.advance(10_001);
      const fields = await logged;
      expect(fields["error"]).toMatchObject({ code: "Timeout" });
      await watch.closed();
      await world.clock.advance(Number(fields["retryInMs"]));
      expect((await world.server.next()).query).toMatchObject({ watch: "true", resourceVersion: "5" });
    },
  },
  {
    name: "leaves out an object that can't be parsed, reports it, and goes on with the others",
    run: async (world) => {
      const broken = { ...widget("broken", 1), spec: { colour: 7 } };
      const reported = world.logger.next("object can't be read and is left out");
      const watch = await listThenWatch(world, 1, [broken, widget("a", 1)]);
      expect(await reported).toEqual({ key: "home/broken", reason: "spec.colour is not a text" });
      await watch.send(
        frame("MODIFIED", { ...widget("a", 2), spec: { colour: 7 } }),
        frame("ADDED", widget("b", 3)),
      );
      while (world.changes.length < 3) await world.changed();
      expect(world.changes).toEqual(["+a@1", "-a@1", "+b@3"]);
    },
  },
  {
    name: "takes watches that end after half a minute for healthy, however quiet the kind",
    run: async (world) => {
      let watch = await listThenWatch(world, 1, []);
      for (let round = 0; round < 5; round++) {
        watch.open();
        while (world.clock.sleeping < 1) await world.clock.advance(0);
        await world.clock.advance(Number(watch.query["timeoutSeconds"]) * 1_000);
        watch.end();
        watch = await world.server.next();
        expect(watch.query).toMatchObject({ watch: "true", resourceVersion: "1" });
      }
      expect(world.logger.lines).toEqual([]);
    },
  },
  {
    name: "asks a server that is away every four seconds at least, and lists once when its version has expired",
    run: async (world) => {
      let watch = await listThenWatch(world, 1, [widget("a", 1)]);
      const delays: number[] = [];
      for (let round = 0; round < 20; round++) {
        delays.push(await failThenWait(world, () => watch.cut()));
        watch = await world.server.next();
      }
      expect(Math.max(...delays)).toBeLessThanOrEqual(4_000);
      expect(await failThenWait(world, () => watch.reply(410, status(410, "Expired")), expired)).toBe(0);
      await listThenWatch(world, 9, [widget("a", 8)]);
      expect(world.changes).toEqual(["+a@1", "~a@8"]);
    },
  },
  {
    name: "lists again when its version is newer than all that the server has (504)",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, [widget("a", 1)]);
      const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
      const answer = { ...status(504, "Timeout"), details: { causes, retryAfterSeconds: 1 } };
      await failThenWait(world, () => watch.reply(504, answer), expired);
      expect((await world.server.next()).query).toEqual({ limit: "500" });
    },
  },
  {
    name: "does not go back to a list that is older than what it has seen",
    run: async (world) => {
      const watch = await listThenWatch(world, 5, [widget("a", 1)]);
      const added = world.changed();
      await watch.send(frame("ADDED", widget("b", 9)));
      await added;
      await failThenWait(world, () => void watch.send(frame("ERROR", status(410, "Expired"))), expired);
      const stale = await world.server.next();
      await failThenWait(world, () => stale.reply(200, listOf(7, [widget("a", 1)])), expired);
      await listThenWatch(world, 10, [widget("b", 9)]);
      expect(world.changes).toEqual(["+a@1", "+b@9", "-a@1"]);
    },
  },
  {
    name: "tells how long the server was silent, and why watches were opened again",
    run: async (world) => {
      const { clock, reflector, registry } = world;
      const restarts = (reason: string) => metricValue(registry, "watch_restarts_total", { reason });
      const watch = await listThenWatch(world, 1, []);
      watch.open();
      while (clock.sleeping < 1) await clock.advance(0);
      await clock.advance(20_000);
      expect(reflector.silentMs()).toBe(20_000);
      expect(await metricValue(registry, "watch_last_event_age_seconds", { resource: "widgets" })).toBe(20);
      watch.end();
      const again = await world.server.next();
      expect(reflector.silentMs()).toBe(0);
      await failThenWait(world, () => again.cut());
      expect([await restarts("ended"), await restarts("Unreachable")]).toEqual([1, 1]);
    },
  },
  {
    name: "stores objects without managed fields",
    run: async (world) => {
      const { metadata, ...rest } = widget("a", 1);
      const managedFields = [{ manager: "me", operation: "Apply", fieldsV1: { "f:spec": {} } }];
      await listThenWatch(world, 1, [{ ...rest, metadata: { ...metadata, managedFields } }]);
      expect(world.store.get(keyOf(widget("a", 1)))).toEqual(widget("a", 1));
    },
  },
  {
    name: "holds once what is equal in objects and in their versions",
    run: async (world) => {
      const specOf = (name: string) => world.store.get(keyOf(widget(name, 1)))?.spec;
      const watch = await listThenWatch(world, 1, [widget("a", 1), widget("b", 1)]);
      const first = specOf("a");
      expect(specOf("b")).toBe(first);
      await watch.send(
        frame("MODIFIED", widget("a", 2)),
        frame("MODIFIED", widget("b", 3, { colour: "blue" })),
      );
      while (world.changes.length < 4) await world.changed();
      expect(specOf("a")).toBe(first);
      expect([first, specOf("b")]).toEqual([{ colour: "red" }, { colour: "blue" }]);
    },
  },
  {
    name: "closes its watch when it is stopped",
    run: async (world) => {
      const watch = await listThenWatch(world, 1, []);
      await watch.send(frame("ADDED", widget("a", 2)));
      await world.changed();
      await world.stop();
      await watch.closed();
      expect(world.logger.lines).toEqual([]);
    },
  },
  {
    name: "stops while it waits to try again",
    run: async (world) => {
      const list = await world.server.next();
      const logged = world.logger.next(failed);
      list.reply(403, status(403, "Forbidden"));
      await logged;
      await world.stop();
    },
  },
];

describe("createReflector", () => {
  it.each(cases)("$name", ({ run }) => inWorld(run));
});
