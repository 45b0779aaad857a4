import type { JsonObject } from "@lmos/primitives";

/** Where an object lives: its resource (`pods`, `agents.lmos.eclipse`), namespace (empty if cluster-scoped) and name. */
export interface ObjectAddress {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** One state of one object, as it was written. */
export interface StoredObject extends ObjectAddress {
  /** The write that made this state: `metadata.resourceVersion`. */
  readonly revision: number;
  /** The object's JSON text, served as it is wherever nothing has to be changed in it. */
  readonly text: string;
  /** The labels alone, so that selecting needs no parsing of the text. */
  readonly labels: Readonly<Record<string, string>>;
  /** The parsed text; parsed at most once, never to be changed. */
  readonly value: () => JsonObject;
}

/** One write: what it did and the states around it. */
export interface Change {
  readonly type: "added" | "modified" | "deleted";
  /** The state after the write; for a deletion the last state, under the revision of the deletion. */
  readonly object: StoredObject;
  /** The state before the write. */
  readonly previous: StoredObject | undefined;
}

/** Builds a stored object whose parsed value is made on first use. */
export function storedObject(
  fields: ObjectAddress & {
    readonly revision: number;
    readonly text: string;
    readonly labels: Readonly<Record<string, string>>;
  },
  known?: JsonObject,
): StoredObject {
  let value = known;
  return {
    ...fields,
    value: () => {
      value ??= parseText(fields.text);
      return value;
    },
  };
}

function parseText(text: string): JsonObject {
  return JSON.parse(text) as JsonObject; // written by this store
}
