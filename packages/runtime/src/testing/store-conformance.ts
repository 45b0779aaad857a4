/** What every adapter of the ports to state has to do, as one suite for all of them. */
import type { Clock } from "@lmos/primitives";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ConversationStore } from "../state/conversation-store.ts";
import { type MemoryPlace, type MemoryStore, maxAuditEntries } from "../state/memory-store.ts";

/** A clock that a test moves on. */
export interface TestClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** An adapter under test: opens a store that nobody else uses. */
export interface Adapter<Store extends Disposable> {
  readonly name: string;
  readonly open: () => Promise<{ readonly store: Store; readonly clock: TestClock }>;
}

const conversation = { subset: "stable", messages: [{ role: "user", content: "hello" }] } as const;

/** The suite for {@link ConversationStore}. */
export function describeConversations({ name, open }: Adapter<ConversationStore>): void {
  describe(`conversations, ${name}`, () => {
    const setUp = async () => {
      const { store, clock } = await open();
      onTestFinished(() => store[Symbol.dispose]());
      const alice = { user: "alice", expiresAt: clock.now() + 1000 };
      return { clock, store, alice, bob: { ...alice, user: "bob" } };
    };

    test("finds what was put last, under its key alone", async () => {
      const { store, alice } = await setUp();
      await store.put("a", { ...conversation, subset: "canary" }, alice);
      await store.put("a", conversation, alice);
      expect([await store.find("a"), await store.find("b")]).toEqual([conversation, undefined]);
    });

    test.each([
      { name: "of one byte", content: "x" },
      { name: "with a NUL, line breaks and quotes", content: '\u0000\r\n"\\' },
      { name: "of other scripts", content: "日本語 🙂 ‮abc" },
      { name: "that looks like a value of ours", content: '1234 {"subset":"x"}' },
    ])("keeps a message $name as it is", async ({ content }) => {
      const { store, alice } = await setUp();
      const said = { subset: "stable", messages: [{ role: "assistant", content }] } as const;
      await store.put("a", said, alice);
      expect(await store.find("a")).toEqual(said);
    });

    test("keeps twenty messages in their order", async () => {
      const { store, alice } = await setUp();
      const messages = Array.from({ length: 20 }, (_, at) => ({ role: "user", content: `${at}` }) as const);
      await store.put("a", { subset: "stable", messages }, alice);
      expect((await store.find("a"))?.messages).toEqual(messages);
    });

    test("forgets in time, and a later turn puts that off", async () => {
      const { store, clock, alice } = await setUp();
      await store.put("a", conversation, alice);
      await store.put("b", conversation, alice);
      await clock.advance(999);
      await store.put("b", conversation, { ...alice, expiresAt: clock.now() + 1000 });
      await clock.advance(1);
      expect([await store.find("a"), await store.find("b")]).toEqual([undefined, conversation]);
    });

    test("erases all of one user, and says how many they were", async () => {
      const { store, alice, bob } = await setUp();
      for (const key of ["a", "b", "c"]) await store.put(key, conversation, alice);
      await store.put("d", conversation, bob);
      expect(await store.eraseUser("alice")).toBe(3);
      const found = await Promise.all(["a", "b", "c", "d"].map((key) => store.find(key)));
      expect(found).toEqual([undefined, undefined, undefined, conversation]);
    });

    test("erases nothing of a user who has nothing, and nothing twice", async () => {
      const { store, alice } = await setUp();
      await store.put("a", conversation, alice);
      expect([await store.eraseUser("nobody"), await store.eraseUser("alice")]).toEqual([0, 1]);
      expect(await store.eraseUser("alice")).toBe(0);
    });

    test("counts nothing that has expired as erased", async () => {
      const { store, clock, alice } = await setUp();
      await store.put("a", conversation, alice);
      await store.put("b", conversation, { ...alice, expiresAt: clock.now() + 5000 });
      await clock.advance(1000);
      expect(await store.eraseUser("alice")).toBe(1);
    });
  });
}

const place: MemoryPlace = {
  user: "alice",
  conversation: undefined,
  visibility: "tenant",
  name: "language",
};
const limits = { maxEntries: 3 };

/** The suite for {@link MemoryStore}. */
export function describeMemories({ name, open }: Adapter<MemoryStore>): void {
  describe(`memories, ${name}`, () => {
    const setUp = async () => {
      const { store, clock } = await open();
      onTestFinished(() => store[Symbol.dispose]());
      const at = clock.now();
      const written = { agent: "billing-agent", capability: "view-invoice", turnId: "t1", at };
      const entry = (text: string, ttlMs = 1000) => ({
        value: { text, list: [1, null, true] },
        written,
        expiresAt: at + ttlMs,
      });
      const write = (overrides: Partial<MemoryPlace>, text = "de", ttlMs = 1000) =>
        store.write({ ...place, ...overrides }, entry(text, ttlMs), limits);
      return { clock, store, entry, write, at, written };
    };

    test("reads what was written last, with who wrote it", async () => {
      const { store, entry, write } = await setUp();
      await write({}, "en");
      expect(await write({}, "de")).toBe("written");
      expect(await store.read(place)).toEqual(entry("de"));
    });

    test("leaves the capability out where the agent was asked by its name", async () => {
      const { store, entry } = await setUp();
      const { capability: _, ...written } = entry("de").written;
      await store.write(place, { ...entry("de"), written }, limits);
      expect(await store.read(place)).toEqual({ ...entry("de"), written });
    });

    test.each([
      { name: "null", value: null },
      { name: "false", value: false },
      { name: "an empty text", value: "" },
      { name: "a number", value: -1.5 },
      { name: "a nested list", value: [[["x"]], {}] },
      { name: "an object with odd keys", value: { "": 1, " ": 2, toString: 3, "1 {": 4 } },
    ])("keeps $name as it is", async ({ value }) => {
      const { store, entry } = await setUp();
      await store.write(place, { ...entry(""), value }, limits);
      expect((await store.read(place))?.value).toEqual(value);
    });

    test.each([
      { name: "user", other: { user: "bob" } },
      { name: "conversation", other: { conversation: "c1" } },
      { name: "visibility", other: { visibility: "agent/billing-agent" } },
      { name: "name", other: { name: "city" } },
      { name: "border between the parts", other: { visibility: 'tenant","language', name: "" } },
    ])("shows nothing to another $name", async ({ other }) => {
      const { store, write } = await setUp();
      await write({});
      expect(await store.read({ ...place, ...other })).toBeUndefined();
      const names = (await store.list({ ...place, ...other })).map(({ name: each }) => each);
      expect(names).toEqual("name" in other && other.visibility === undefined ? ["language"] : []);
    });

    test("lists what is visible in one place, by name, without what has expired", async () => {
      const { store, write, clock } = await setUp();
      await write({ name: "b" });
      await write({ name: "a" });
      await write({ visibility: "channel/web" });
      await write({ user: "bob", name: "old" }, "x", 10);
      await clock.advance(10);
      expect((await store.list(place)).map(({ name: each }) => each)).toEqual(["a", "b"]);
      expect(await store.list({ ...place, user: "bob" })).toEqual([]);
      expect(await store.read({ ...place, user: "bob", name: "old" })).toBeUndefined();
    });

    test("lists all of a user, with where each value is", async () => {
      const { store, entry, write } = await setUp();
      await write({ name: "a", conversation: "c1" });
      await write({ name: "b", visibility: "channel/web" });
      await write({ user: "bob" });
      expect(await store.listUser("alice")).toEqual([
        { ...place, name: "a", conversation: "c1", ...entry("de") },
        { ...place, name: "b", visibility: "channel/web", ...entry("de") },
      ]);
    });

    test("takes no more values of a user than it may have, but new values for them", async () => {
      const { store, write } = await setUp();
      for (const each of ["a", "b", "c"]) await write({ name: each, conversation: each });
      expect(await write({ name: "d" })).toBe("full");
      expect(await write({ name: "a", conversation: "a" }, "new")).toBe("written");
      expect(await write({ name: "d", user: "bob" })).toBe("written");
      expect((await store.listUser("alice")).map(({ name: each }) => each)).toEqual(["a", "b", "c"]);
    });

    test("makes room of what has expired", async () => {
      const { write, clock } = await setUp();
      for (const each of ["a", "b"]) await write({ name: each });
      await write({ name: "c" }, "x", 10);
      await clock.advance(10);
      expect(await write({ name: "d" })).toBe("written");
      expect(await write({ name: "e" })).toBe("full");
    });

    test("deletes one value, once", async () => {
      const { store, write, written } = await setUp();
      await write({});
      await write({ name: "city" });
      expect([await store.remove(place, written), await store.remove(place, written)]).toEqual([true, false]);
      expect((await store.listUser("alice")).map(({ name: each }) => each)).toEqual(["city"]);
    });

    test("deletes nothing that has expired", async () => {
      const { store, write, written, clock } = await setUp();
      await write({}, "de", 10);
      await clock.advance(10);
      expect(await store.remove(place, written)).toBe(false);
    });

    test("erases a user everywhere and keeps who did what, without the values", async () => {
      const { store, write, written, at } = await setUp();
      await write({});
      await write({ visibility: "channel/web", conversation: "c1" });
      await write({ user: "bob" });
      await store.remove(place, written);
      expect(await store.eraseUser("alice", { by: "operator", at })).toBe(1);
      expect(await store.listUser("alice")).toEqual([]);
      expect(await store.listUser("bob")).toHaveLength(1);
      const note = { by: "agent billing-agent", turnId: "t1", at, name: "language" };
      expect(await store.audit("alice")).toEqual([
        { action: "write", ...note, visibility: "tenant" },
        { action: "write", ...note, visibility: "channel/web" },
        { action: "delete", ...note, visibility: "tenant" },
        { action: "erase", by: "operator", at },
      ]);
    });

    test("keeps the newest entries of the audit", async () => {
      const { store, at } = await setUp();
      const done = Array.from({ length: maxAuditEntries + 3 }, (_, each) => ({
        by: "operator",
        at: at + each,
      }));
      for (const each of done) await store.eraseUser("alice", each);
      const audit = await store.audit("alice");
      expect([audit.length, audit[0]?.at, audit.at(-1)?.at]).toEqual([
        maxAuditEntries,
        at + 3,
        at + maxAuditEntries + 2,
      ]);
    });
  });
}
