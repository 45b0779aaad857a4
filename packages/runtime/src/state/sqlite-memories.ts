/** {@link MemoryStore} in a SQLite file. */
import type { Clock } from "@lmos/primitives";
import { z } from "zod";
import type { MemoryStore, NamedMemoryEntry } from "./memory-store.ts";
import { openDatabase } from "./sqlite-database.ts";

const rowSchema = z
  .object({
    name: z.string(),
    value: z.string().transform((text) => z.json().parse(JSON.parse(text))),
    written_by: z.string(),
    written_at: z.number(),
    expires_at: z.number(),
  })
  .transform(
    (row): NamedMemoryEntry => ({
      name: row.name,
      value: row.value,
      writtenBy: row.written_by,
      writtenAt: row.written_at,
      expiresAt: row.expires_at,
    }),
  );
const auditSchema = z.object({
  visibility: z.string(),
  name: z.string(),
  action: z.enum(["write", "erase"]),
  by: z.string(),
  at: z.number(),
});

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
  const here = "holder = ? AND visibility = ? AND expires_at > ?";
  const read = database.prepare(`SELECT * FROM memory WHERE ${here} AND name = ?`);
  const list = database.prepare(`SELECT * FROM memory WHERE ${here} ORDER BY name`);
  const write = database.prepare("INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?, ?, ?, ?)");
  const sweep = database.prepare("DELETE FROM memory WHERE holder = ? AND expires_at <= ?");
  const erase = database.prepare("DELETE FROM memory WHERE holder = ?");
  const note = database.prepare("INSERT INTO memory_audit VALUES (NULL, ?, ?, ?, ?, ?, ?)");
  const audit = database.prepare("SELECT * FROM memory_audit WHERE holder = ? ORDER BY id");
  return {
    read: async ({ holder, visibility, name }) => {
      const row = read.get(holder, visibility, clock.now(), name);
      if (row === undefined) return undefined;
      const { name: _, ...entry } = rowSchema.parse(row);
      return entry;
    },
    list: async ({ holder, visibility }) =>
      list.all(holder, visibility, clock.now()).map((row) => rowSchema.parse(row)),
    write: async ({ holder, visibility, name }, { value, writtenBy, writtenAt, expiresAt }) => {
      sweep.run(holder, clock.now());
      write.run(holder, visibility, name, JSON.stringify(value), writtenBy, writtenAt, expiresAt);
      note.run(holder, visibility, name, "write", writtenBy, writtenAt);
    },
    erase: async (holder, { by }) => {
      erase.run(holder);
      note.run(holder, "", "", "erase", by, clock.now());
    },
    audit: async (holder) => audit.all(holder).map((row) => auditSchema.parse(row)),
    [Symbol.dispose]: () => database.close(),
  };
}
