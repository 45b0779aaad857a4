/**
 * The indexes that serve turns, by what they are of: channels with the same agents share one. Together they hold a bounded
 * number of examples; those that no turn has used for longest go first, and are built again when a turn needs them.
 *
 * Guarantees: an index is built once, however many wait for it, and few are built at a time, because building takes several
 * times the memory of what is built. A build that nobody waits for any more is given up.
 */
import { abortable } from "@lmos/primitives";
import type { RoutableAgent, RouterIndex } from "@lmos/router";

/** What a cache is made of. */
export interface IndexCacheOptions {
  /** Examples of all indexes together; one that has more by itself is kept alone. */
  readonly maxExamples: number;
  readonly build: (
    agents: readonly RoutableAgent[],
    options: { readonly signal: AbortSignal },
  ) => Promise<RouterIndex>;
}

/** Whose index. */
export interface IndexedAgents {
  /** Equal for equal agents only. */
  readonly key: string;
  readonly examples: number;
  readonly agents: () => readonly RoutableAgent[];
}

interface Build {
  readonly index: Promise<RouterIndex>;
  readonly controller: AbortController;
  readonly examples: number;
  waiting: number;
}

/** Builds at a time: with a model over a network one waits while the other works. */
const maxBuilds = 2;
/** Why a build is given up; made once, it is never shown. */
const unwanted = new Error("nobody waits for the index");

/** Indexes by key. */
export class IndexCache {
  readonly #options: IndexCacheOptions;
  /** In the order of their last use. */
  readonly #kept = new Map<string, { readonly index: RouterIndex; readonly examples: number }>();
  readonly #builds = new Map<string, Build>();
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #examples = 0;

  constructor(options: IndexCacheOptions) {
    this.#options = options;
  }

  /** Examples of the indexes that are kept, and of those that are being built. */
  get examples(): number {
    return [...this.#builds.values()].reduce((sum, { examples }) => sum + examples, this.#examples);
  }

  /** The index, if it is kept. That it was asked for is no use of it. */
  peek(key: string): RouterIndex | undefined {
    return this.#kept.get(key)?.index;
  }

  /** The same for a turn, which uses it. */
  use(key: string): RouterIndex | undefined {
    const entry = this.#kept.get(key);
    if (entry === undefined) return undefined;
    this.#kept.delete(key); // a Map keeps the order of insertion: the one used last comes last
    this.#kept.set(key, entry);
    return entry.index;
  }

  /** The index, built where it is not kept. Rejects as its build does, or with the signal's reason. */
  async get(indexed: IndexedAgents, { signal }: { readonly signal: AbortSignal }): Promise<RouterIndex> {
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

  #start({ key, examples, agents }: IndexedAgents): Build {
    const controller = new AbortController();
    const index = this.#inTurn(() => this.#options.build(agents(), controller), controller);
    const build: Build = { index, controller, examples, waiting: 0 };
    this.#builds.set(key, build);
    index.then(
      (built) => this.#keep(key, built, build),
      () => this.#giveUp(key, build),
    );
    return build;
  }

  /** Runs one build as soon as there are fewer than {@link maxBuilds}. */
  async #inTurn(
    build: () => Promise<RouterIndex>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<RouterIndex> {
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

  #keep(key: string, index: RouterIndex, build: Build): void {
    if (this.#builds.get(key) !== build) return;
    this.#builds.delete(key);
    this.#kept.set(key, { index, examples: build.examples });
    this.#examples += build.examples;
    for (const [oldest, { examples }] of this.#kept) {
      if (this.#examples <= this.#options.maxExamples || oldest === key) return;
      this.#kept.delete(oldest);
      this.#examples -= examples;
    }
  }

  /** A build that has ended is forgotten, one that runs is stopped. */
  #giveUp(key: string, build: Build): void {
    if (this.#builds.get(key) !== build) return;
    this.#builds.delete(key);
    build.controller.abort(unwanted);
  }
}
