/**
 * The snapshots of all channels. A changed routing is indexed beside the snapshot that serves, which is then replaced
 * at once: no turn waits for an index, and none sees half of a change.
 *
 *   routing appears ─► building ─► served ◄──────────────┐
 *   routing changes ─► served (old) + building ─► served ┘   a newer change aborts the build
 *   few agents changed ─► served (new, with what was learnt from the old) until its own index is built
 *   index fails     ─► served with the classifier of before, unless that knows agents that are gone; else without one;
 *                      tried again with back-off
 *   routing is gone ─► nothing
 *
 * Guarantee: when the API server is out of reach the store keeps what it has, and so does the table.
 */

import { keyOf, keyText, type Store } from "@lmos/kube";
import {
  abortable,
  type BackoffPolicy,
  backoffDelayMs,
  type Clock,
  type Logger,
  type Random,
  whenAborted,
} from "@lmos/primitives";
import { type ChannelIdentity, type ChannelRouting, channelIdentityOf } from "@lmos/resources";
import type { Classifier } from "@lmos/router";
import type { ClassifierFactory } from "./channel-classifier.ts";
import { identityText, type RoutingSnapshot, routedAgentsOf, snapshotHash } from "./snapshot.ts";

/** Name of the store index by {@link identityText}. */
export const identityIndex = "identity";

/** What a routing table is made of. The store has the index {@link identityIndex}. */
export interface RoutingTableOptions {
  readonly store: Pick<Store<ChannelRouting>, "list" | "byIndex" | "subscribe" | "whenSynced">;
  /** Builds the classifier of a channel. */
  readonly createClassifier: ClassifierFactory;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Looks channels up. */
export interface RoutingTable {
  /** The snapshot that serves the channel now. */
  find(identity: ChannelIdentity): RoutingSnapshot | undefined;
  /** How many channels are served. */
  readonly size: number;
  /** True once every routing of the first list is served. */
  readonly ready: boolean;
  /** Resolves when {@link RoutingTable.ready} is true. */
  whenReady(options: { readonly signal: AbortSignal }): Promise<void>;
  /** Resolves when no index of that channel is being built for the first time. */
  whenBuilt(identity: ChannelIdentity, options: { readonly signal: AbortSignal }): Promise<void>;
  /** Follows the store until aborted. Called again, it goes on from what is served. */
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

interface Build {
  readonly hash: string;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** How a build goes on. */
interface BuildCourse {
  /** Undefined where it failed. */
  readonly first: Promise<Classifier | undefined>;
  readonly signal: AbortSignal;
  /** Called after each attempt, when what came of it serves. */
  readonly onAttempt: () => void;
}

const retryPolicy: BackoffPolicy = { initialMs: 1000, maxMs: 60_000, factor: 2, jitter: 0.2 };

/** A table; it is empty before its `run`. */
export function createRoutingTable(options: RoutingTableOptions): RoutingTable {
  return new StoreRoutingTable(options);
}

class StoreRoutingTable implements RoutingTable {
  readonly #options: RoutingTableOptions;
  readonly #served = new Map<string, RoutingSnapshot>();
  /** Channels that are served with a classifier which is not their own: it is still being built. */
  readonly #provisional = new Set<string>();
  readonly #builds = new Map<string, Build>();
  readonly #synced = Promise.withResolvers<void>();
  #ready = false;

  constructor(options: RoutingTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#served.size;
  }

  get ready(): boolean {
    return this.#ready;
  }

  whenReady({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return abortable(this.#synced.promise, signal);
  }

  find(identity: ChannelIdentity): RoutingSnapshot | undefined {
    return this.#served.get(identityText(identity));
  }

  async whenBuilt(identity: ChannelIdentity, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const build = this.#builds.get(identityText(identity));
    if (build !== undefined) await abortable(build.done, signal);
  }

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { store } = this.#options;
    const unsubscribe = store.subscribe(({ before, after }) => {
      if (before !== undefined) this.#refresh(channelIdentityOf(before));
      if (after !== undefined) this.#refresh(channelIdentityOf(after));
    });
    try {
      for (const { identity } of [...this.#served.values()]) this.#refresh(identity); // of a run before
      for (const routing of store.list()) this.#refresh(channelIdentityOf(routing));
      await store.whenSynced({ signal });
      await Promise.all([...this.#builds.values()].map(({ done }) => done));
      this.#ready = true;
      this.#synced.resolve();
      await whenAborted(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      unsubscribe();
      await this.#stopBuilds();
    }
  }

  /** Brings one channel in line with the store, whatever happened before. */
  #refresh(identity: ChannelIdentity): void {
    const key = identityText(identity);
    const routing = this.#activeRouting(key);
    if (routing === undefined) this.#remove(key);
    else this.#update(key, routing);
  }

  #update(key: string, routing: ChannelRouting): void {
    const hash = snapshotHash(routing);
    const build = this.#builds.get(key);
    if (build?.hash === hash) return;
    build?.controller.abort();
    this.#builds.delete(key);
    const served = this.#served.get(key);
    const isOwn = served?.classifier !== undefined && !this.#provisional.has(key);
    if (served?.hash === hash && isOwn) return;
    this.#startBuild(key, unclassifiedSnapshot(routing, hash));
  }

  /** Of several routings for one channel, the one that comes first by name: the choice must not flap. */
  #activeRouting(key: string): ChannelRouting | undefined {
    const name = (routing: ChannelRouting): string => keyText(keyOf(routing));
    return this.#options.store
      .byIndex(identityIndex, key)
      .toSorted((a, b) => (name(a) < name(b) ? -1 : 1))[0];
  }

  #remove(key: string): void {
    this.#builds.get(key)?.controller.abort();
    this.#builds.delete(key);
    this.#served.delete(key);
    this.#provisional.delete(key);
  }

  #startBuild(key: string, unclassified: RoutingSnapshot): void {
    const controller = new AbortController();
    const { signal } = controller;
    const first = this.#tryClassifier(key, unclassified, signal);
    if (!(first instanceof Promise)) {
      this.#serve(key, { ...unclassified, classifier: first });
      return;
    }
    const firstAttempt = Promise.withResolvers<void>();
    this.#builds.set(key, { hash: unclassified.hash, controller, done: firstAttempt.promise });
    this.#build(key, unclassified, { first, signal, onAttempt: firstAttempt.resolve }).catch(
      () => firstAttempt.resolve(), // only an aborted build gets here
    );
  }

  async #build(
    key: string,
    unclassified: RoutingSnapshot,
    { first, signal, onAttempt }: BuildCourse,
  ): Promise<void> {
    const { clock, random } = this.#options;
    const before = usableClassifier(this.#served.get(key), unclassified);
    let classifier = await first;
    for (let attempt = 0; classifier === undefined; attempt++) {
      signal.throwIfAborted();
      this.#serveMeanwhile(key, { ...unclassified, classifier: before });
      onAttempt();
      await clock.sleep(backoffDelayMs(retryPolicy, attempt, random), { signal });
      classifier = await this.#tryClassifier(key, unclassified, signal);
    }
    signal.throwIfAborted();
    this.#serve(key, { ...unclassified, classifier });
    onAttempt();
    this.#builds.delete(key);
  }

  #serve(key: string, snapshot: RoutingSnapshot): void {
    this.#served.set(key, snapshot);
    this.#provisional.delete(key);
  }

  #serveMeanwhile(key: string, snapshot: RoutingSnapshot): void {
    this.#served.set(key, snapshot);
    this.#provisional.add(key);
  }

  /** Undefined where it cannot be built. */
  #tryClassifier(
    key: string,
    snapshot: RoutingSnapshot,
    signal: AbortSignal,
  ): Classifier | Promise<Classifier | undefined> {
    const previous = this.#served.get(key)?.classifier;
    const onInterim = (classifier: Classifier): void => {
      if (!signal.aborted) this.#serveMeanwhile(key, { ...snapshot, classifier });
    };
    const classifier = this.#options.createClassifier(snapshot, { previous, onInterim, signal });
    if (!(classifier instanceof Promise)) return classifier;
    return classifier.catch((error: unknown) => {
      signal.throwIfAborted();
      this.#options.logger.warn("The index of a channel cannot be built, it is tried again", {
        ...snapshot.identity,
        snapshot: snapshot.hash,
        error,
      });
      return undefined;
    });
  }

  async #stopBuilds(): Promise<void> {
    const builds = [...this.#builds.values()];
    this.#builds.clear();
    for (const { controller } of builds) controller.abort();
    await Promise.all(builds.map(({ done }) => done));
  }
}

function unclassifiedSnapshot(routing: ChannelRouting, hash: string): RoutingSnapshot {
  return {
    identity: channelIdentityOf(routing),
    hash,
    agents: routedAgentsOf(routing),
    settings: routing.spec.routing ?? {},
    classifier: undefined,
  };
}

/** The classifier of a state before, where it can choose no agent that is not there any more. */
function usableClassifier(before: RoutingSnapshot | undefined, now: RoutingSnapshot): Classifier | undefined {
  const names = new Set(now.agents.map(({ name }) => name));
  return before?.agents.every(({ name }) => names.has(name)) === true ? before.classifier : undefined;
}
