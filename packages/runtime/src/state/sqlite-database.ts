/** The database file that both SQLite adapters share: its schema, and how it is opened. */
import { DatabaseSync } from "node:sqlite";

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS conversation (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS conversation_by_expiry ON conversation (expires_at);
  CREATE TABLE IF NOT EXISTS memory (
    holder TEXT NOT NULL, visibility TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    written_by TEXT NOT NULL, written_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (holder, visibility, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS memory_by_expiry ON memory (expires_at);
  CREATE TABLE IF NOT EXISTS memory_audit (
    id INTEGER PRIMARY KEY, holder TEXT NOT NULL, visibility TEXT NOT NULL, name TEXT NOT NULL,
    action TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS memory_audit_by_holder ON memory_audit (holder, id);
`;

/** Opens a file, or `:memory:`, with its tables. */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(schema);
  return database;
}
