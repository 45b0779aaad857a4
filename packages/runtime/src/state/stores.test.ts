/** The suite of the ports, for the adapters that need nothing installed; `tests/runtime/redis-state.suite.ts` has the others. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { FakeClock } from "@lmos/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeConversations, describeMemories } from "../testing/store-conformance.ts";
import { createInProcessConversations } from "./in-process-conversations.ts";
import { createInProcessMemories } from "./in-process-memories.ts";
import { auditKeptMs, type MemoryEntry } from "./memory-store.ts";
import { openSqliteConversations } from "./sqlite-conversations.ts";
import { openSqliteMemories } from "./sqlite-memories.ts";

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "lmos-state-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state.db");
}

/** An adapter that needs a clock alone. */
function adapter<Store>(name: string, open: (clock: FakeClock) => Store) {
  return {
    name,
    open: async () => {
      const clock = new FakeClock();
      return { clock, store: open(clock) };
    },
  };
}

describeConversations(adapter("in process", (clock) => createInProcessConversations({ clock })));
describeConversations(adapter("SQLite", (clock) => openSqliteConversations({ path: freshFile(), clock })));
describeMemories(adapter("in process", (clock) => createInProcessMemories({ clock })));
describeMemories(adapter("SQLite", (clock) => openSqliteMemories({ path: freshFile(), clock })));

const conversation = { subset: "stable", messages: [{ role: "user", content: "hello" }] } as const;

test("a SQLite file is found again by the next process", async () => {
  const path = freshFile();
  const clock = new FakeClock();
  {
    using store = openSqliteConversations({ path, clock });
    await store.put("a", conversation, { user: "alice", expiresAt: clock.now() + 1000 });
  }
  using store = openSqliteConversations({ path, clock });
  expect(await store.find("a")).toEqual(conversation);
});

test("a file of SQLite does not grow with what has expired", async () => {
  const path = freshFile();
  const clock = new FakeClock();
  using store = openSqliteConversations({ path, clock });
  const messages = [{ role: "user", content: "x".repeat(1000) }] as const;
  const round = async (): Promise<number> => {
    for (let each = 0; each < 1000; each++) {
      const keptFor = { user: "alice", expiresAt: clock.now() + 10 };
      await store.put(`${clock.now()}-${each}`, { subset: "stable", messages }, keptFor);
    }
    await clock.advance(10);
    return statSync(path).size;
  };
  await round();
  const before = await round();
  for (let each = 0; each < 3; each++) await round();
  expect(await round()).toBeLessThan(before * 1.5);
});

test("memories in process are bounded: the user that was written for longest ago goes first", async () => {
  const clock = new FakeClock();
  using store = createInProcessMemories({ clock, maxUsers: 2 });
  const written = { agent: "a", turnId: "t1", at: clock.now() };
  const entry = { value: "x", written, expiresAt: clock.now() + 1000 };
  for (const user of ["alice", "bob", "alice", "carol"]) {
    await store.write({ user, conversation: undefined, visibility: "tenant", name: "n" }, entry, {
      maxEntries: 9,
    });
  }
  const left = await Promise.all(["alice", "bob", "carol"].map((user) => store.listUser(user)));
  expect(left.map(({ length }) => length)).toEqual([1, 0, 1]);
});

describe("a SQLite file of memories", () => {
  const place = { user: "alice", conversation: undefined, visibility: "tenant", name: "n" };
  const entryAt = (clock: FakeClock): MemoryEntry => {
    const written = { agent: "a", turnId: "t1", at: clock.now() };
    return { value: "x", written, expiresAt: clock.now() + 1000 };
  };

  test("keeps nothing that its audit could not tell", async () => {
    const path = freshFile();
    const clock = new FakeClock();
    using store = openSqliteMemories({ path, clock });
    await store.write(place, entryAt(clock), { maxEntries: 9 });
    const other = new DatabaseSync(path);
    other.exec(
      "CREATE TRIGGER full BEFORE INSERT ON memory_audit BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    other.close();
    await expect(store.write({ ...place, name: "m" }, entryAt(clock), { maxEntries: 9 })).rejects.toThrow(
      "disk full",
    );
    await expect(store.remove(place, entryAt(clock).written)).rejects.toThrow("disk full");
    await expect(store.eraseUser("alice", { by: "user", at: clock.now() })).rejects.toThrow("disk full");
    expect((await store.listUser("alice")).map(({ name }) => name)).toEqual(["n"]);
  });

  test("does not keep the audit of users who are long gone", async () => {
    const clock = new FakeClock();
    using store = openSqliteMemories({ path: freshFile(), clock });
    await store.write(place, entryAt(clock), { maxEntries: 9 });
    await clock.advance(auditKeptMs);
    for (let each = 0; each < 1000; each++) {
      await store.write({ ...place, user: `user-${each % 10}` }, entryAt(clock), { maxEntries: 9 });
    }
    expect(await store.audit("alice")).toEqual([]);
    expect((await store.audit("user-1")).length).toBeGreaterThan(10);
  });
});
