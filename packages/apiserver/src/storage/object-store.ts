/**
 * The objects and their history in SQLite. Each write takes the next revision of one global counter. Writes of the same turn of
 * the event loop are one transaction, which the next turn flushes to the disk: requests that arrive together share one flush.
 * Everything is synchronous: a read and the write that depends on it, made in one go, can't be interleaved with another
 * request. Guarantees: nobody may be told of a write before `whenFlushed` has resolved, as a crash would undo it; revisions
 * that somebody was told of never repeat or go back, also after a crash; listeners see changes in the order of their
 * revisions, after they are durable.
 */
import type { DatabaseSync } from "node:sqlite";
import { metadataOf, withMetadata } from "@lmos/kubernetes-syntax";
import { asObject, type JsonObject, listAt, nextTurn, textAt, textMapAt } from "@lmos/primitives";
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

/** A moment; see {@link ObjectStore.whenFlushed}. */
export interface FlushMark {
  /** How many flushes had failed by then. */
  readonly failures: number;
}

/** Writes that share one flush. */
interface Batch {
  readonly changes: Change[];
  readonly flushed: PromiseWithResolvers<void>;
  /** The revision before them. */
  readonly before: number;
}

/** The largest object that is stored, in bytes of its JSON text. */
export const maxObjectBytes = 1_572_864;

/** The durable objects of a server. */
export class ObjectStore implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #listeners = new Set<(change: Change) => void>();
  #batch: Batch | undefined;
  #failures = 0;
  #lastFailure: unknown;
  /** Of the last write, flushed or not. */
  #revision: number;
  #compacted: number;

  constructor(directory: string) {
    this.#database = openDatabase(directory);
    this.#statements = prepareStatements(this.#database);
    this.#revision = Number(this.#statements.lastRevision.get()?.["value"] ?? 0);
    this.#compacted = Number(this.#statements.compacted.get()?.["value"] ?? 0);
  }

  /** The revision of the last write, which is flushed for it. */
  get revision(): number {
    this.#flushQuietly();
    return this.#revision;
  }

  /** Changes up to here, and states that only they could show, are forgotten. */
  get compacted(): number {
    return this.#compacted;
  }

  /** The current state of an object, be it flushed or not. */
  get({ resource, namespace, name }: ObjectAddress): StoredObject | undefined {
    const row = this.#statements.current.get({ resource, namespace, name });
    return row === undefined ? undefined : readState(row);
  }

  /** The objects of a page in the order of namespace and name. Throws `Expired` if `at` is compacted. */
  page(request: PageRequest): readonly StoredObject[] {
    this.#flushQuietly();
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
    this.#flushQuietly();
    const row =
      namespace === undefined
        ? this.#statements.countAfter.get({ resource, at, ...afterOf({ after }) })
        : this.#statements.countAfterInNamespace.get({ resource, namespace, at, afterName: after.name });
    return Number(row?.["count"] ?? 0);
  }

  /** The next changes of a resource after a revision. Throws `Expired` if some of them are compacted. */
  changes(resource: string, after: number, limit: number): readonly Change[] {
    this.#flushQuietly();
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

  /** To be taken before something is read or written, and given to {@link whenFlushed} after it. */
  mark(): FlushMark {
    return { failures: this.#failures };
  }

  /**
   * Resolves when everything that was written so far is durable. Rejects where something that was written since the mark could
   * not be flushed, and is undone: whatever was read or written since may be wrong.
   */
  async whenFlushed({ failures }: FlushMark): Promise<void> {
    await this.#batch?.flushed.promise;
    if (this.#failures !== failures) throw this.#lastFailure;
  }

  /** Makes everything that was written so far durable. Throws what prevents it; it is undone then. */
  flush(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    this.#batch = undefined;
    try {
      this.#statements.commit.run();
    } catch (error) {
      this.#undo(batch, error);
      throw error;
    }
    batch.flushed.resolve();
    for (const change of batch.changes) for (const listener of this.#listeners) listener(change);
  }

  /** Calls back after each write is durable until the returned function is called. Listeners must not throw. */
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
    this.flush();
    this.#transaction(() => {
      this.#statements.deleteBodies.run({ revision });
      this.#statements.deleteRevisions.run({ revision });
      this.#statements.setCompacted.run({ revision });
    });
    this.#compacted = revision;
  }

  [Symbol.dispose](): void {
    this.#flushQuietly();
    this.#database.close();
  }

  #write(address: ObjectAddress, object: JsonObject, kind: "put" | "remove"): StoredObject {
    const revision = this.#revision + 1;
    const previous = this.get(address);
    const state = stateOf(address, object, revision);
    const type = kind === "remove" ? "deleted" : previous === undefined ? "added" : "modified";
    const change: Change = { type, object: state, previous };
    const batch = this.#open();
    this.#statements.savepoint.run();
    try {
      this.#insert(change);
    } catch (error) {
      if (this.#database.isTransaction) this.#statements.undoWrite.run();
      throw error;
    }
    this.#statements.keepWrite.run();
    this.#revision = revision;
    batch.changes.push(change);
    return state;
  }

  /** The writes to which another one is to be added; they are flushed in the next turn of the event loop at the latest. */
  #open(): Batch {
    if (this.#batch !== undefined) return this.#batch;
    this.#statements.begin.run();
    const flushed = Promise.withResolvers<void>();
    flushed.promise.catch(() => undefined); // there may be nobody to tell
    const batch: Batch = { changes: [], flushed, before: this.#revision };
    this.#batch = batch;
    void nextTurn().then(() => this.#flushQuietly());
    return batch;
  }

  /** A flush that fails is told to those who wait for it. */
  #flushQuietly(): void {
    try {
      this.flush();
    } catch {
      // they know
    }
  }

  #undo({ before, flushed }: Batch, error: unknown): void {
    if (this.#database.isTransaction) this.#statements.rollback.run();
    this.#revision = before;
    this.#failures += 1;
    this.#lastFailure = error;
    flushed.reject(error);
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
