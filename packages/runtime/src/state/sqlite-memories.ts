/** {@link MemoryStore} in a SQLite file. */
import type { Clock } from "@lmos/primitives";
import { z } from "zod";
import { readAuditEntry, readMemory, writeMemory } from "./memory-codec.ts";
import {
  auditKeptMs,
  deleteNote,
  type MemoryAuditEntry,
  type MemoryPlace,
  type MemoryStore,
  maxAuditEntries,
  type PlacedMemory,
  writeNote,
} from "./memory-store.ts";
import { inTransaction, openDatabase } from "./sqlite-database.ts";

const rowSchema = z.object({
  user: z.string(),
  conversation: z.string(),
  visibility: z.string(),
  name: z.string(),
  body: z.string(),
  expires_at: z.number(),
});
const auditSchema = z.object({ body: z.string() });
const countSchema = z.object({ count: z.number() });

/** Notes between two removals of those that are too old. */
const notesBetweenSweeps = 1000;

/**
 * Opens the memories in a SQLite file, which is made if there is none.
 *
 * @throws Error of `node:sqlite` when the file cannot be opened, or is no database.
 */
export function openSqliteMemories({
  path,
  clock,
}: {
  readonly path: string;
  readonly clock: Clock;
}): MemoryStore {
  const database = openDatabase(path);
  const here = "user = ? AND conversation = ? AND visibility = ?";
  const read = database.prepare(`SELECT * FROM memory WHERE ${here} AND name = ? AND expires_at > ?`);
  const list = database.prepare(`SELECT * FROM memory WHERE ${here} AND expires_at > ? ORDER BY name`);
  const listUser = database.prepare("SELECT * FROM memory WHERE user = ? AND expires_at > ? ORDER BY name");
  const count = database.prepare("SELECT count(*) AS count FROM memory WHERE user = ?");
  const write = database.prepare("INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?, ?, ?)");
  const remove = database.prepare(`DELETE FROM memory WHERE ${here} AND name = ?`);
  const sweep = database.prepare("DELETE FROM memory WHERE expires_at <= ?");
  const erase = database.prepare("DELETE FROM memory WHERE user = ?");
  const addNote = database.prepare("INSERT INTO memory_audit VALUES (NULL, ?, ?)");
  const trimNotes = database.prepare(
    `DELETE FROM memory_audit WHERE user = ?1 AND id <= (SELECT id FROM memory_audit WHERE user = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${maxAuditEntries})`,
  );
  const audit = database.prepare("SELECT body FROM memory_audit WHERE user = ? ORDER BY id");
  const sweepNotes = database.prepare("DELETE FROM memory_audit WHERE json_extract(body, '$.at') <= ?");
  let notes = 0;
  const note = (user: string, entry: MemoryAuditEntry): void => {
    addNote.run(user, JSON.stringify(entry));
    trimNotes.run(user);
    notes += 1;
    if (notes % notesBetweenSweeps === 0) sweepNotes.run(clock.now() - auditKeptMs);
  };
  const find = (place: MemoryPlace): PlacedMemory | undefined =>
    placed([read.get(...columnsOf(place), clock.now())])[0];
  return {
    read: async (place) => {
      const found = find(place);
      return found && { value: found.value, written: found.written, expiresAt: found.expiresAt };
    },
    list: async ({ user, conversation = "", visibility }) =>
      placed(list.all(user, conversation, visibility, clock.now())),
    listUser: async (user) => placed(listUser.all(user, clock.now())),
    write: async (place, entry, { maxEntries }) =>
      inTransaction(database, () => {
        sweep.run(clock.now());
        const isFull = countSchema.parse(count.get(place.user)).count >= maxEntries;
        if (isFull && find(place) === undefined) return "full";
        write.run(...columnsOf(place), writeMemory(entry), entry.expiresAt);
        note(place.user, writeNote(place, entry));
        return "written";
      }),
    remove: async (place, by) =>
      inTransaction(database, () => {
        sweep.run(clock.now());
        if (remove.run(...columnsOf(place)).changes === 0) return false;
        note(place.user, deleteNote(place, by));
        return true;
      }),
    eraseUser: async (user, done) =>
      inTransaction(database, () => {
        sweep.run(clock.now());
        const { changes } = erase.run(user);
        note(user, { action: "erase", ...done });
        return Number(changes);
      }),
    audit: async (user) => audit.all(user).flatMap((row) => readAuditEntry(auditSchema.parse(row).body)),
    [Symbol.dispose]: () => database.close(),
  };
}

function columnsOf({
  user,
  conversation = "",
  visibility,
  name,
}: MemoryPlace): [string, string, string, string] {
  return [user, conversation, visibility, name];
}

function placed(rows: readonly unknown[]): readonly PlacedMemory[] {
  return rows.flatMap((row) => {
    if (row === undefined) return [];
    const { user, conversation, visibility, name, body, expires_at } = rowSchema.parse(row);
    const entry = readMemory(body, expires_at);
    if (entry === undefined) return [];
    return [{ user, conversation: conversation || undefined, visibility, name, ...entry }];
  });
}
