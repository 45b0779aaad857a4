/** One suite for all adapters of a port. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeClock } from "@lmos/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createInProcessConversations } from "./in-process-conversations.ts";
import { createInProcessMemories } from "./in-process-memories.ts";
import { openSqliteConversations } from "./sqlite-conversations.ts";
import { openSqliteMemories } from "./sqlite-memories.ts";

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "lmos-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.db");
}

const conversation = { subset: "stable", messages: [{ role: "user", content: "hello" }] } as const;

describe.each([
  { name: "in process", open: (clock: FakeClock) => createInProcessConversations({ clock }) },
  { name: "SQLite", open: (clock: FakeClock) => openSqliteConversations({ path: freshFile(), clock }) },
])("conversations, $name", ({ open }) => {
  const setUp = () => {
    const clock = new FakeClock();
    const store = open(clock);
    onTestFinished(() => store[Symbol.dispose]());
    return { clock, store, expiresAt: clock.now() + 1000 };
  };

  test("finds what was put last, under its key alone", async () => {
    const { store, expiresAt } = setUp();
    await store.put("a", { ...conversation, subset: "canary" }, { expiresAt });
    await store.put("a", conversation, { expiresAt });
    expect([await store.find("a"), await store.find("b")]).toEqual([conversation, undefined]);
  });

  test("forgets in time", async () => {
    const { store, clock, expiresAt } = setUp();
    await store.put("a", conversation, { expiresAt });
    await clock.advance(1000);
    expect(await store.find("a")).toBeUndefined();
  });

  test("forgets on request, once and again", async () => {
    const { store, expiresAt } = setUp();
    await store.put("a", conversation, { expiresAt });
    await store.erase("a");
    await store.erase("a");
    expect(await store.find("a")).toBeUndefined();
  });
});

describe.each([
  { name: "in process", open: (clock: FakeClock) => createInProcessMemories({ clock }) },
  { name: "SQLite", open: (clock: FakeClock) => openSqliteMemories({ path: freshFile(), clock }) },
])("memories, $name", ({ open }) => {
  const setUp = () => {
    const clock = new FakeClock();
    const store = open(clock);
    onTestFinished(() => store[Symbol.dispose]());
    const at = clock.now();
    const entry = (value: string, ttlMs = 1000) => ({
      value: { text: value, list: [1, null, true] },
      writtenBy: "billing-agent",
      writtenAt: at,
      expiresAt: at + ttlMs,
    });
    return { clock, store, entry, at };
  };
  const place = { holder: "alice", visibility: "tenant", name: "language" };

  test("reads what was written last, with who wrote it", async () => {
    const { store, entry } = setUp();
    await store.write(place, entry("en"));
    await store.write(place, entry("de"));
    expect(await store.read(place)).toEqual(entry("de"));
  });

  test.each([
    { name: "holder", other: { holder: "bob" } },
    { name: "visibility", other: { visibility: "agent/billing-agent" } },
    { name: "name", other: { name: "city" } },
  ])("shows nothing to another $name", async ({ other }) => {
    const { store, entry } = setUp();
    await store.write(place, entry("de"));
    expect(await store.read({ ...place, ...other })).toBeUndefined();
  });

  test("lists what is visible in one place, by name, without what has expired", async () => {
    const { store, entry, clock } = setUp();
    await store.write({ ...place, name: "old" }, entry("x", 10));
    await store.write({ ...place, name: "b" }, entry("1"));
    await store.write({ ...place, name: "a" }, entry("2"));
    await store.write({ ...place, visibility: "channel/web" }, entry("3"));
    await clock.advance(10);
    expect((await store.list(place)).map(({ name }) => name)).toEqual(["a", "b"]);
    expect(await store.read({ ...place, name: "old" })).toBeUndefined();
  });

  test("erases a holder everywhere and keeps who did what, without the values", async () => {
    const { store, entry, at } = setUp();
    await store.write(place, entry("de"));
    await store.write({ ...place, visibility: "channel/web" }, entry("de"));
    await store.write({ ...place, holder: "bob" }, entry("fr"));
    await store.erase("alice", { by: "operator" });
    expect([await store.list(place), (await store.list({ ...place, holder: "bob" })).length]).toEqual([
      [],
      1,
    ]);
    const written = { name: "language", action: "write", by: "billing-agent", at };
    expect(await store.audit("alice")).toMatchObject([
      { ...written, visibility: "tenant" },
      { ...written, visibility: "channel/web" },
      { visibility: "", name: "", action: "erase", by: "operator", at },
    ]);
  });
});

test("a SQLite file is found again by the next process", async () => {
  const path = freshFile();
  const clock = new FakeClock();
  const expiresAt = clock.now() + 1000;
  {
    using store = openSqliteConversations({ path, clock });
    await store.put("a", conversation, { expiresAt });
  }
  using store = openSqliteConversations({ path, clock });
  expect(await store.find("a")).toEqual(conversation);
});
