/** The database file that both SQLite adapters share: its schema, and how it is opened. */
import { DatabaseSync } from "node:sqlite";

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 2000;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS conversation (
    key TEXT PRIMARY KEY, body TEXT NOT NULL, user TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS conversation_by_expiry ON conversation (expires_at);
  CREATE INDEX IF NOT EXISTS conversation_by_user ON conversation (user);
  CREATE TABLE IF NOT EXISTS memory (
    user TEXT NOT NULL, conversation TEXT NOT NULL, visibility TEXT NOT NULL, name TEXT NOT NULL,
    body TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (user, conversation, visibility, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS memory_by_expiry ON memory (expires_at);
  CREATE TABLE IF NOT EXISTS memory_audit (
    id INTEGER PRIMARY KEY, user TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS memory_audit_by_user ON memory_audit (user, id);
`;

/** Does all of it or nothing. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const done = work();
    database.exec("COMMIT");
    return done;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Opens a file, or `:memory:`, with its tables. */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(schema);
  return database;
}
