import type { DatabaseSync, StatementSync } from "node:sqlite";

const stateColumns = "r.revision, r.resource, r.namespace, r.name, r.labels, b.text";
const states = "revision r JOIN body b ON b.revision = r.revision";
const visible = "r.revision <= :at AND (r.superseded IS NULL OR r.superseded > :at)";
const afterKey = "(r.namespace, r.name) > (:afterNamespace, :afterName)";

/** Every SQL statement of the store, prepared once. */
export interface Statements {
  readonly current: StatementSync;
  readonly page: StatementSync;
  readonly pageOfNamespace: StatementSync;
  readonly countAfter: StatementSync;
  readonly countAfterInNamespace: StatementSync;
  readonly changes: StatementSync;
  readonly insertRevision: StatementSync;
  readonly insertBody: StatementSync;
  readonly supersede: StatementSync;
  readonly owned: StatementSync;
  readonly allOwned: StatementSync;
  readonly insertOwner: StatementSync;
  readonly deleteOwners: StatementSync;
  readonly lastRevision: StatementSync;
  readonly compacted: StatementSync;
  readonly setCompacted: StatementSync;
  readonly deleteBodies: StatementSync;
  readonly deleteRevisions: StatementSync;
  readonly begin: StatementSync;
  readonly commit: StatementSync;
  readonly rollback: StatementSync;
  /** Of one write among those of a transaction. */
  readonly savepoint: StatementSync;
  readonly keepWrite: StatementSync;
  readonly undoWrite: StatementSync;
}

/** Prepares the statements. */
export function prepareStatements(database: DatabaseSync): Statements {
  const sql = (text: string): StatementSync => database.prepare(text);
  return { ...readStatements(sql), ...writeStatements(sql) };
}

function readStatements(sql: (text: string) => StatementSync) {
  const key = "r.resource = :resource AND r.namespace = :namespace";
  return {
    current: sql(
      `SELECT ${stateColumns} FROM ${states} WHERE ${key} AND r.name = :name AND r.superseded IS NULL`,
    ),
    page: sql(
      `SELECT ${stateColumns} FROM ${states} WHERE r.resource = :resource AND ${visible} AND ${afterKey}
       ORDER BY r.namespace, r.name LIMIT :limit`,
    ),
    pageOfNamespace: sql(
      `SELECT ${stateColumns} FROM ${states} WHERE ${key} AND ${visible} AND r.name > :afterName
       ORDER BY r.name LIMIT :limit`,
    ),
    countAfter: sql(
      `SELECT count(*) AS count FROM revision r WHERE r.resource = :resource AND ${visible} AND ${afterKey}`,
    ),
    countAfterInNamespace: sql(
      `SELECT count(*) AS count FROM revision r WHERE ${key} AND ${visible} AND r.name > :afterName`,
    ),
    changes: sql(
      `SELECT ${stateColumns}, r.type, p.revision AS previousRevision, p.labels AS previousLabels, pb.text AS previousText
       FROM ${states} LEFT JOIN revision p ON p.superseded = r.revision AND p.revision <> r.revision
       LEFT JOIN body pb ON pb.revision = p.revision
       WHERE r.resource = :resource AND r.revision > :after ORDER BY r.revision LIMIT :limit`,
    ),
    allOwned: sql("SELECT DISTINCT resource, namespace, name FROM owner"),
    owned: sql("SELECT resource, namespace, name FROM owner WHERE uid = :uid"),
    lastRevision: sql("SELECT seq AS value FROM sqlite_sequence WHERE name = 'revision'"),
    compacted: sql("SELECT value FROM counter WHERE name = 'compacted'"),
  };
}

function writeStatements(sql: (text: string) => StatementSync) {
  return {
    insertRevision: sql(
      `INSERT INTO revision (revision, resource, namespace, name, type, labels, superseded)
       VALUES (:revision, :resource, :namespace, :name, :type, :labels, :superseded)`,
    ),
    insertBody: sql("INSERT INTO body (revision, text) VALUES (:revision, :text)"),
    supersede: sql("UPDATE revision SET superseded = :by WHERE revision = :revision"),
    insertOwner: sql("INSERT OR IGNORE INTO owner VALUES (:uid, :resource, :namespace, :name)"),
    deleteOwners: sql(
      "DELETE FROM owner WHERE resource = :resource AND namespace = :namespace AND name = :name",
    ),
    setCompacted: sql("UPDATE counter SET value = :revision WHERE name = 'compacted'"),
    deleteBodies: sql(
      "DELETE FROM body WHERE revision IN (SELECT revision FROM revision WHERE superseded <= :revision)",
    ),
    deleteRevisions: sql("DELETE FROM revision WHERE superseded <= :revision"),
    begin: sql("BEGIN IMMEDIATE"),
    commit: sql("COMMIT"),
    rollback: sql("ROLLBACK"),
    savepoint: sql("SAVEPOINT one"),
    keepWrite: sql("RELEASE one"),
    undoWrite: sql("ROLLBACK TO one"),
  };
}
