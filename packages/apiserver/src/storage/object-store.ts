/**
 * The objects and their history in SQLite. Each write is one transaction, flushed before it returns, and takes the
 * next revision of one global counter. Everything is synchronous: a read and the write that depends on it, made in
 * one go, can't be interleaved with another request. Guarantees: revisions never repeat or go back, also after a
 * crash; listeners see changes in the order of their revisions, after they are durable.
 */
import type { DatabaseSync } from "node:sqlite";
import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { asObject, type JsonObject, listAt, textAt, textMapAt } from "@lmos/primitives";
import { RequestError } from "../errors.ts";
import { openDatabase } from "./database.ts";
import { readAddress, readChange, readState } from "./rows.ts";
import { prepareStatements, type Statements } from "./statements.ts";
import { type Change, type ObjectAddress, type StoredObject, storedObject } from "./stored-object.ts";

/** Which part of a resource to read: a page of the state at `at`, after the given key. */
export interface PageRequest {
  readonly resource: string;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly at: number;
  readonly after: { readonly namespace: string; readonly name: string };
  readonly limit: number;
}

/** The largest object that is stored, in bytes of its JSON text. */
export const maxObjectBytes = 1_572_864;

/** The durable objects of a server. */
export class ObjectStore implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #listeners = new Set<(change: Change) => void>();
  #revision: number;
  #compacted: number;

  constructor(directory: string) {
    this.#database = openDatabase(directory);
    this.#statements = prepareStatements(this.#database);
    this.#revision = Number(this.#statements.lastRevision.get()?.["value"] ?? 0);
    this.#compacted = Number(this.#statements.compacted.get()?.["value"] ?? 0);
  }

  /** The revision of the last write. */
  get revision(): number {
    return this.#revision;
  }

  /** Changes up to here, and states that only they could show, are forgotten. */
  get compacted(): number {
    return this.#compacted;
  }

  /** The current state of an object. */
  get({ resource, namespace, name }: ObjectAddress): StoredObject | undefined {
    const row = this.#statements.current.get({ resource, namespace, name });
    return row === undefined ? undefined : readState(row);
  }

  /** The objects of a page in the order of namespace and name. Throws `Expired` if `at` is compacted. */
  page(request: PageRequest): readonly StoredObject[] {
    this.requireRetained(request.at);
    const { resource, namespace, at, limit } = request;
    const rows =
      namespace === undefined
        ? this.#statements.page.all({ resource, at, limit, ...afterOf(request) })
        : this.#statements.pageOfNamespace.all({
            resource,
            namespace,
            at,
            limit,
            afterName: request.after.name,
          });
    return rows.map(readState);
  }

  /** How many objects there are after a key, in the state at `at`. */
  countAfter({ resource, namespace, at, after }: Omit<PageRequest, "limit">): number {
    const row =
      namespace === undefined
        ? this.#statements.countAfter.get({ resource, at, ...afterOf({ after }) })
        : this.#statements.countAfterInNamespace.get({ resource, namespace, at, afterName: after.name });
    return Number(row?.["count"] ?? 0);
  }

  /** The next changes of a resource after a revision. Throws `Expired` if some of them are compacted. */
  changes(resource: string, after: number, limit: number): readonly Change[] {
    this.requireRetained(after);
    return this.#statements.changes.all({ resource, after, limit }).map(readChange);
  }

  /** Addresses of the objects that name this uid in an owner reference. */
  ownedBy(uid: string): readonly ObjectAddress[] {
    return this.#statements.owned.all({ uid }).map(readAddress);
  }

  /** Addresses of the objects that have owner references. */
  allOwned(): readonly ObjectAddress[] {
    return this.#statements.allOwned.all().map(readAddress);
  }

  /** Creates or replaces an object; sets its resourceVersion. Throws `RequestEntityTooLarge`. */
  put(address: ObjectAddress, object: JsonObject): StoredObject {
    return this.#write(address, object, "put");
  }

  /** Deletes an object; its last state, as given, is what watchers see. */
  remove(address: ObjectAddress, lastState: JsonObject): StoredObject {
    return this.#write(address, lastState, "remove");
  }

  /** Calls back after each write until the returned function is called. Listeners must not throw. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Throws `Expired` if what happened since a revision is no longer known in full. */
  requireRetained(revision: number): void {
    if (revision >= this.#compacted) return;
    throw new RequestError("Expired", `too old resource version: ${revision} (${this.#compacted})`);
  }

  /** Forgets the changes up to `revision`, which must have been reached. */
  compact(revision: number): void {
    if (revision <= this.#compacted) return;
    this.#transaction(() => {
      this.#statements.deleteBodies.run({ revision });
      this.#statements.deleteRevisions.run({ revision });
      this.#statements.setCompacted.run({ revision });
    });
    this.#compacted = revision;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #write(address: ObjectAddress, object: JsonObject, kind: "put" | "remove"): StoredObject {
    const revision = this.#revision + 1;
    const previous = this.get(address);
    const state = stateOf(address, object, revision);
    const type = kind === "remove" ? "deleted" : previous === undefined ? "added" : "modified";
    this.#transaction(() => this.#insert({ type, object: state, previous }));
    this.#revision = revision;
    for (const listener of this.#listeners) listener({ type, object: state, previous });
    return state;
  }

  #insert({ type, object, previous }: Change): void {
    const { revision, resource, namespace, name, text } = object;
    const labels = JSON.stringify(object.labels);
    const superseded = type === "deleted" ? revision : null;
    if (previous !== undefined) this.#statements.supersede.run({ by: revision, revision: previous.revision });
    this.#statements.insertRevision.run({ revision, resource, namespace, name, type, labels, superseded });
    this.#statements.insertBody.run({ revision, text });
    const owners = type === "deleted" ? [] : ownersOf(object.value());
    if (previous === undefined && owners.length === 0) return;
    this.#statements.deleteOwners.run({ resource, namespace, name });
    for (const uid of owners) this.#statements.insertOwner.run({ uid, resource, namespace, name });
  }

  #transaction(work: () => void): void {
    this.#statements.begin.run();
    try {
      work();
      this.#statements.commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#statements.rollback.run();
      throw error;
    }
  }
}

function afterOf({ after }: Pick<PageRequest, "after">) {
  return { afterNamespace: after.namespace, afterName: after.name };
}

function stateOf(address: ObjectAddress, object: JsonObject, revision: number): StoredObject {
  const value = withMetadata(object, { resourceVersion: String(revision) });
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > maxObjectBytes) {
    throw new RequestError("RequestEntityTooLarge", `Request is too large: limit is ${maxObjectBytes} bytes`);
  }
  return storedObject({ ...address, revision, text, labels: textMapAt(metadataOf(value), "labels") }, value);
}

function ownersOf(object: JsonObject): readonly string[] {
  const references = listAt(metadataOf(object), "ownerReferences");
  return references.flatMap((reference) => textAt(asObject(reference) ?? {}, "uid") ?? []);
}
