import { FakeClock } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { keyOf } from "./object.ts";
import { createObjectStore } from "./object-store.ts";
import { trackOwnWrites } from "./own-writes.ts";
import { requeueAfter } from "./requeue.ts";
import { FakeApiServer } from "./testing/fake-api-server.ts";
import { status, type Widget, widget, widgets } from "./testing/widget.ts";

const { signal } = new AbortController();
const key = { namespace: "home", name: "a" };

type World = Awaited<ReturnType<typeof start>>;

async function inWorld(run: (world: World) => Promise<void>): Promise<void> {
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
  const remove = async (uid: string | undefined, code = 200): Promise<void> => {
    const deleting = writes.client.delete(widgets, key, { uid, signal });
    (await server.next()).reply(code, code === 200 ? widget("a", 0) : status(code, "NotFound"));
    await deleting;
  };
  /** What a reflector does with an event of a watch. */
  const watched = (version: number, change: () => void): void => {
    store.reached(String(version));
    change();
  };
  const requeue = () => writes.requeueIfBehind(widgets, store, key);
  const isBehind = () => requeue() !== undefined;
  return { server, clock, writes, store, apply, remove, watched, requeue, isBehind };
}

/** What happens to the store after we wrote version 10 of an object that it showed as version 5. */
const afterOurWrite: readonly {
  readonly name: string;
  readonly happens: (world: World) => void;
  readonly behind: boolean;
}[] = [
  { name: "nothing", happens: () => undefined, behind: true },
  {
    name: "an older change of the object",
    happens: ({ store, watched }) => watched(9, () => store.put(widget("a", 9))),
    behind: true,
  },
  {
    name: "an older change of another object",
    happens: ({ store, watched }) => watched(9, () => store.put(widget("b", 9))),
    behind: true,
  },
  {
    name: "an older deletion",
    happens: ({ store, watched }) => watched(8, () => store.remove(key)),
    behind: true,
  },
  {
    name: "our write",
    happens: ({ store, watched }) => watched(10, () => store.put(widget("a", 10))),
    behind: false,
  },
  {
    name: "a newer change by somebody else",
    happens: ({ store, watched }) => watched(11, () => store.put(widget("a", 11))),
    behind: false,
  },
  {
    name: "the deletion of what we wrote, before anybody looked",
    happens: ({ store, watched }) => {
      watched(10, () => store.put(widget("a", 10)));
      watched(11, () => store.remove(key));
    },
    behind: false,
  },
  {
    name: "its deletion and a creation by somebody else",
    happens: ({ store, watched }) => {
      watched(11, () => store.remove(key));
      watched(12, () => store.put(widget("a", 12, { uid: "another" })));
    },
    behind: false,
  },
  {
    name: "a newer change of another object: ours is not among what is selected, or gone",
    happens: ({ store, watched }) => watched(11, () => store.put(widget("b", 11))),
    behind: false,
  },
  {
    name: "a bookmark of a newer version",
    happens: ({ watched }) => watched(11, () => undefined),
    behind: false,
  },
  {
    name: "an older bookmark",
    happens: ({ watched }) => watched(9, () => undefined),
    behind: true,
  },
  {
    name: "a new list, without the object",
    happens: ({ store, watched }) => watched(20, () => store.replaceAll([])),
    behind: false,
  },
  {
    name: "an old list, without the object",
    happens: ({ store, watched }) => watched(7, () => store.replaceAll([])),
    behind: true,
  },
];

describe("after a write of our own", () => {
  it.each(afterOurWrite)("$name: behind is $behind", ({ happens, behind }) =>
    inWorld(async (world) => {
      world.watched(5, () => world.store.replaceAll([widget("a", 5)]));
      expect(world.isBehind()).toBe(false);
      await world.apply(10);
      happens(world);
      expect(world.isBehind()).toBe(behind);
    }),
  );

  it("a store without versions goes by the object that it shows", () =>
    inWorld(async ({ store, apply, isBehind }) => {
      await apply(10);
      expect(isBehind()).toBe(true);
      store.put(widget("a", 9));
      expect(isBehind()).toBe(true);
      store.put(widget("a", 10));
      expect(isBehind()).toBe(false);
    }));

  it("the key is due again when thirty seconds are over, and then decides", () =>
    inWorld(async ({ clock, apply, requeue }) => {
      await apply(10);
      expect(requeue()).toEqual(requeueAfter(30_000));
      await clock.advance(29_999);
      expect(requeue()).toEqual(requeueAfter(1));
      await clock.advance(1);
      expect(requeue()).toBeUndefined();
    }));

  it("only what was really written counts", () =>
    inWorld(async ({ apply, isBehind, writes, store }) => {
      await apply(10, true);
      expect(isBehind()).toBe(false);
      await apply(11);
      expect(writes.requeueIfBehind(widgets, store, { namespace: "home", name: "b" })).toBeUndefined();
      expect(writes.requeueIfBehind({ ...widgets, plural: "gadgets" }, store, key)).toBeUndefined();
    }));

  it("every verb that writes counts", () =>
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

  it("of two writes at once the newer counts, whichever is answered last", () =>
    inWorld(async ({ server, writes, isBehind, store }) => {
      const write = () => writes.client.apply(widgets, widget("a", 0), { fieldManager: "me", signal });
      const writing = [write(), write()];
      const [first, second] = [await server.next(), await server.next()];
      first.reply(200, widget("a", 12));
      await Promise.race(writing);
      second.reply(200, widget("a", 11));
      await Promise.all(writing);
      store.put(widget("a", 11));
      expect(isBehind()).toBe(true);
      store.put(widget("a", 12));
      expect(isBehind()).toBe(false);
    }));
});

describe("after a deletion of our own", () => {
  it("a store that still shows the very object is behind", () =>
    inWorld(async ({ store, watched, remove, requeue }) => {
      watched(5, () => store.replaceAll([widget("a", 5)]));
      await remove("uid-a");
      expect(requeue()).toEqual(requeueAfter(30_000));
      watched(6, () => store.remove(key));
      expect(requeue()).toBeUndefined();
    }));

  it("another object of that name is none of its business", () =>
    inWorld(async ({ store, watched, remove, isBehind }) => {
      watched(5, () => store.replaceAll([widget("a", 5)]));
      await remove("uid-a");
      watched(7, () => store.put(widget("a", 7, { uid: "another" })));
      expect(isBehind()).toBe(false);
    }));

  it("an object that only waits for its finalizers shows the deletion", () =>
    inWorld(async ({ store, watched, remove, isBehind }) => {
      watched(5, () => store.replaceAll([widget("a", 5)]));
      await remove("uid-a");
      const { metadata, ...rest } = widget("a", 6);
      const deletionTimestamp = "2026-11-30T00:00:00Z";
      watched(6, () => store.put({ ...rest, metadata: { ...metadata, deletionTimestamp } }));
      expect(isBehind()).toBe(false);
    }));

  it("what was gone already is as good as deleted; without a uid nothing is known", () =>
    inWorld(async ({ store, watched, remove, isBehind }) => {
      watched(5, () => store.replaceAll([widget("a", 5)]));
      await remove(undefined);
      expect(isBehind()).toBe(false);
      await remove("uid-a", 404);
      expect(isBehind()).toBe(true);
    }));

  it("a watch that hangs holds nobody up for longer than thirty seconds", () =>
    inWorld(async ({ store, watched, clock, remove, isBehind }) => {
      watched(5, () => store.replaceAll([widget("a", 5)]));
      await remove("uid-a");
      await clock.advance(30_000);
      expect(isBehind()).toBe(false);
    }));
});

/** What a server does, told to a watch in this order from version 10 on; the write of ours is one of it. */
const history = fc.record({
  kinds: fc.array(fc.constantFrom("write", "delete", "other"), { minLength: 1, maxLength: 12 }),
  ours: fc.nat(),
});

/** Lets a new store see all of it, and tells before each version whether it is behind. */
async function follow(
  { writes, server }: World,
  kinds: readonly string[],
  ours: number,
): Promise<readonly boolean[]> {
  const name = `w${server.received}`; // each run writes an object of its own
  const target = keyOf(widget(name, 0));
  const store = createObjectStore<Widget>();
  const applying = writes.client.apply(widgets, widget(name, 0), { fieldManager: "me", signal });
  (await server.next()).reply(200, widget(name, ours));
  await applying;
  return kinds.map((kind, index) => {
    const behind = writes.requeueIfBehind(widgets, store, target) !== undefined;
    const version = 10 + index;
    store.reached(String(version));
    if (kind === "delete") store.remove(target);
    else store.put(widget(kind === "other" ? "other" : name, version));
    return behind;
  });
}

describe("whatever happens on the server", () => {
  it("a store is behind exactly until it has come to our write", () =>
    inWorld((world) =>
      fc.assert(
        fc.asyncProperty(history, async ({ kinds, ours }) => {
          const at = 10 + (ours % kinds.length);
          const seen = await follow(world, kinds, at);
          expect(seen).toEqual(kinds.map((_, index) => 10 + index <= at));
        }),
        { numRuns: 60 },
      ),
    ));
});
