/**
 * The indexes that serve turns, by what they are of: channels with the same agents share one. Together they hold a bounded
 * number of examples; those that no turn has used for longest go first, and are built again when a turn needs them.
 *
 * Guarantees: an index is built once, however many wait for it, and few are built at a time, because building takes several
 * times the memory of what is built. A build that nobody waits for any more is given up.
 */
import { abortable } from "@lmos/primitives";
import type { RoutableAgent } from "@lmos/router";

/** What a cache is made of. */
export interface IndexCacheOptions<Index> {
  /** Examples of all indexes together; one that has more by itself is kept alone. */
  readonly maxExamples: number;
  readonly build: (
    agents: readonly RoutableAgent[],
    options: { readonly signal: AbortSignal },
  ) => Promise<Index>;
}

/** Whose index. */
export interface IndexedAgents {
  /** Equal for equal agents only. */
  readonly key: string;
  readonly examples: number;
  readonly agents: () => readonly RoutableAgent[];
}

interface Build<Index> {
  readonly index: Promise<Index>;
  readonly controller: AbortController;
  readonly indexed: IndexedAgents;
  waiting: number;
}

/** Builds at a time: with a model over a network one waits while the other works. */
const maxBuilds = 2;
/** Why a build is given up; made once, it is never shown. */
const unwanted = new Error("nobody waits for the index");

interface Kept<Index> {
  readonly index: Index;
  readonly indexed: IndexedAgents;
}

/** Indexes by key. */
export class IndexCache<Index> {
  readonly #options: IndexCacheOptions<Index>;
  /** In the order of their last use. */
  readonly #kept = new Map<string, Kept<Index>>();
  readonly #builds = new Map<string, Build<Index>>();
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #examples = 0;

  constructor(options: IndexCacheOptions<Index>) {
    this.#options = options;
  }

  /** Examples of the indexes that are kept, and of those that are being built. */
  get examples(): number {
    return [...this.#builds.values()].reduce((sum, { indexed }) => sum + indexed.examples, this.#examples);
  }

  /** Whose indexes are kept, the one used last first. */
  latest(): readonly IndexedAgents[] {
    return [...this.#kept.values()].map(({ indexed }) => indexed).toReversed();
  }

  /** The index, if it is kept. That it was asked for is no use of it. */
  peek(key: string): Index | undefined {
    return this.#kept.get(key)?.index;
  }

  /** The same for a turn, which uses it. */
  use(key: string): Index | undefined {
    const entry = this.#kept.get(key);
    if (entry === undefined) return undefined;
    this.#kept.delete(key); // a Map keeps the order of insertion: the one used last comes last
    this.#kept.set(key, entry);
    return entry.index;
  }

  /** The index, built where it is not kept. Rejects as its build does, or with the signal's reason. */
  async get(indexed: IndexedAgents, { signal }: { readonly signal: AbortSignal }): Promise<Index> {
    const kept = this.use(indexed.key);
    if (kept !== undefined) return kept;
    const build = this.#builds.get(indexed.key) ?? this.#start(indexed);
    build.waiting += 1;
    try {
      return await abortable(build.index, signal);
    } finally {
      build.waiting -= 1;
      if (build.waiting === 0) this.#giveUp(indexed.key, build);
    }
  }

  #start(indexed: IndexedAgents): Build<Index> {
    const controller = new AbortController();
    const index = this.#inTurn(() => this.#options.build(indexed.agents(), controller), controller);
    const build: Build<Index> = { index, controller, indexed, waiting: 0 };
    this.#builds.set(indexed.key, build);
    index.then(
      (built) => this.#keep(built, build),
      () => this.#giveUp(indexed.key, build),
    );
    return build;
  }

  /** Runs one build as soon as there are fewer than {@link maxBuilds}. */
  async #inTurn(build: () => Promise<Index>, { signal }: { readonly signal: AbortSignal }): Promise<Index> {
    while (this.#running >= maxBuilds) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
    try {
      signal.throwIfAborted();
      return await build();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  #keep(index: Index, build: Build<Index>): void {
    const { indexed } = build;
    const { key } = indexed;
    if (this.#builds.get(key) !== build) return;
    this.#builds.delete(key);
    this.#kept.set(key, { index, indexed });
    this.#examples += indexed.examples;
    for (const [oldest, { indexed: other }] of this.#kept) {
      if (this.#examples <= this.#options.maxExamples || oldest === key) return;
      this.#kept.delete(oldest);
      this.#examples -= other.examples;
    }
  }

  /** A build that has ended is forgotten, one that runs is stopped. */
  #giveUp(key: string, build: Build<Index>): void {
    if (this.#builds.get(key) !== build) return;
    this.#builds.delete(key);
    build.controller.abort(unwanted);
  }
}
