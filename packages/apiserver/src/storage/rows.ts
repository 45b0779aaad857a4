/** Turns rows of the database into stored objects; the only place that trusts what SQLite hands back. */
import { type Change, type ObjectAddress, type StoredObject, storedObject } from "./stored-object.ts";

type Row = Readonly<Record<string, unknown>>;

/** Reads a row of the columns `revision, resource, namespace, name, labels, text`. */
export function readState(row: Row): StoredObject {
  return storedObject({
    revision: Number(row["revision"]),
    ...readAddress(row),
    text: String(row["text"]),
    labels: parseLabels(String(row["labels"])),
  });
}

/** Reads a row of a state, its `type`, and the state before it in `previousRevision, previousLabels, previousText`. */
export function readChange(row: Row): Change {
  const previous =
    row["previousText"] === null
      ? undefined
      : {
          ...row,
          revision: row["previousRevision"],
          labels: row["previousLabels"],
          text: row["previousText"],
        };
  return {
    type: parseChangeType(String(row["type"])),
    object: readState(row),
    previous: previous === undefined ? undefined : readState(previous),
  };
}

/** Reads a row of the columns `resource, namespace, name`. */
export function readAddress(row: Row): ObjectAddress {
  return {
    resource: String(row["resource"]),
    namespace: String(row["namespace"]),
    name: String(row["name"]),
  };
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  return JSON.parse(text) as Record<string, string>; // written by this store
}

function parseChangeType(type: string): Change["type"] {
  return type as Change["type"]; // written by this store
}
