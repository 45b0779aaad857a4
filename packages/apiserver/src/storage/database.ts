/**
 * Opens the SQLite file of a server. One process owns it: the exclusive locking mode takes a lock of the operating
 * system, which a crash releases. Every commit is flushed to the disk (`synchronous=FULL`).
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { errorMessage } from "@lmos/primitives";
import { ApiServerError } from "../errors.ts";

const schemaVersion = 1;

/**
 * `revision` is the history of all objects: a row per write, `superseded` naming the write that replaced it. The
 * state at revision R is the rows with `revision <= R` that were not superseded by R; the current state those never
 * superseded. A deletion is a row that is superseded by itself. `body` holds the texts, apart, so that marking a row
 * as superseded does not rewrite them. `owner` lists, per owner's uid, the objects it owns.
 */
const tables = `
  CREATE TABLE revision (
    revision INTEGER PRIMARY KEY AUTOINCREMENT,
    resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, labels TEXT NOT NULL, superseded INTEGER
  ) STRICT;
  CREATE TABLE body (revision INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX current ON revision (resource, namespace, name) WHERE superseded IS NULL;
  CREATE INDEX states ON revision (resource, namespace, name, revision);
  CREATE INDEX history ON revision (resource, revision);
  CREATE INDEX superseded ON revision (superseded) WHERE superseded IS NOT NULL;
  CREATE TABLE owner (
    uid TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (resource, namespace, name, uid)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX owned ON owner (uid);
  CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counter VALUES ('compacted', 0);
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * Opens (and at the first time makes) the database in `directory`.
 * Throws `DirectoryInUse` while another process, or another server of this one, has it open.
 */
export function openDatabase(directory: string): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const holderFile = join(directory, "holder.pid");
  const database = new DatabaseSync(join(directory, "objects.db"), { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    database.exec("BEGIN EXCLUSIVE");
    migrate(database);
    database.exec("COMMIT");
  } catch (error) {
    database.close();
    throw openFailure(directory, holderFile, error);
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return database;
}

function migrate(database: DatabaseSync): void {
  const version = database.prepare("PRAGMA user_version").get()?.["user_version"];
  if (version === schemaVersion) return;
  if (version !== 0) throw new Error(`schema version ${version} was written by a newer release`);
  database.exec(tables);
}

function openFailure(directory: string, holderFile: string, cause: unknown): ApiServerError {
  if (!/locked|busy/.test(errorMessage(cause))) {
    const message = `cannot open the database in ${directory}: ${errorMessage(cause)}`;
    return new ApiServerError("DirectoryUnreadable", message, { cause, details: { directory } });
  }
  const pid = readHolder(holderFile);
  const message = `${directory} is in use by ${pid === undefined ? "another process" : `process ${pid}`}`;
  return new ApiServerError("DirectoryInUse", message, { cause, details: { directory, pid } });
}

function readHolder(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return undefined; // the holder has not written it yet
  }
}
