import { FakeClock } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { createObjectStore } from "./object-store.ts";
import { trackOwnWrites } from "./own-writes.ts";
import { FakeApiServer } from "./testing/fake-api-server.ts";
import { type Widget, widget, widgets } from "./testing/widget.ts";

const { signal } = new AbortController();
const key = { namespace: "home", name: "a" };

async function inWorld(run: (world: Awaited<ReturnType<typeof start>>) => Promise<void>): Promise<void> {
  const world = await start();
  await using _server = world.server;
  await using _client = world.writes.client;
  await run(world);
}

async function start() {
  const server = await FakeApiServer.start();
  const clock = new FakeClock();
  const client = createKubeClient({ connection: server.connection, clock, userAgent: "test" });
  const writes = trackOwnWrites(client, { clock });
  const store = createObjectStore<Widget>();
  const apply = async (version: number, dryRun = false): Promise<void> => {
    const applying = writes.client.apply(widgets, widget("a", 0), { fieldManager: "me", dryRun, signal });
    (await server.next()).reply(200, widget("a", version));
    await applying;
  };
  return { server, clock, writes, store, apply, isBehind: () => writes.isBehind(widgets, store, key) };
}

describe("own writes", () => {
  it("make a store behind until it shows them, or something newer", () =>
    inWorld(async ({ store, apply, isBehind }) => {
      expect(isBehind()).toBe(false);
      await apply(10);
      expect(isBehind()).toBe(true);
      store.put(widget("a", 9));
      expect(isBehind()).toBe(true);
      store.put(widget("a", 10));
      expect(isBehind()).toBe(false);
      await apply(12);
      store.put(widget("a", 15, { uid: "another" }));
      expect(isBehind()).toBe(false);
    }));

  it("do so for thirty seconds at most, as when the object was deleted at once", () =>
    inWorld(async ({ clock, apply, isBehind }) => {
      await apply(10);
      await clock.advance(29_999);
      expect(isBehind()).toBe(true);
      await clock.advance(1);
      expect(isBehind()).toBe(false);
    }));

  it("do so only for what was really written", () =>
    inWorld(async ({ apply, isBehind, writes, store }) => {
      await apply(10, true);
      expect(isBehind()).toBe(false);
      await apply(11);
      expect(writes.isBehind(widgets, store, { namespace: "home", name: "b" })).toBe(false);
      expect(writes.isBehind({ ...widgets, plural: "gadgets" }, store, key)).toBe(false);
    }));

  it("are noted for every verb that writes", () =>
    inWorld(async ({ server, writes, isBehind, store }) => {
      const { client } = writes;
      const verbs = [
        () => client.create(widgets, widget("a", 1), { signal }),
        () => client.replace(widgets, widget("a", 1), { signal }),
        () => client.patch(widgets, key, { kind: "merge", body: {} }, { signal }),
      ];
      for (const [index, write] of verbs.entries()) {
        const writing = write();
        (await server.next()).reply(200, widget("a", 10 + index));
        await writing;
        expect(isBehind()).toBe(true);
        store.put(widget("a", 10 + index));
        expect(isBehind()).toBe(false);
      }
    }));
});
