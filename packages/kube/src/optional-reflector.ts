/**
 * Mirrors a kind that the cluster may not have, or not yet, or no longer: where it is not served the store is empty and
 * counts as synced. Asks from time to time whether that has changed.
 */
import { errorMessage } from "@lmos/primitives";
import type { CallOptions, KubeClient } from "./client.ts";
import { isKubeError } from "./errors.ts";
import { type KubeObject, keyOf } from "./object.ts";
import { createObjectStore, type MutableStore } from "./object-store.ts";
import type { Reflector } from "./reflector.ts";
import { createReflectorGroup, type ReflectorGroupOptions } from "./reflector-group.ts";

/** What to mirror. */
export interface OptionalReflectorOptions<T extends KubeObject> extends ReflectorGroupOptions<T> {
  readonly client: Pick<KubeClient, "list" | "watch" | "discover">;
  /** Where it is served, but may not be listed, the store is not synced instead of empty. */
  readonly mustBeListed?: boolean | undefined;
}

/** How long until it is asked again whether the kind is served. */
export const askAgainMs = 30_000;
/** The same while the server does not answer: nothing starts before it does. */
const retryMs = 1000;

/** A reflector; nothing happens before its `run`. */
export function createOptionalReflector<T extends KubeObject>(
  options: OptionalReflectorOptions<T>,
): Reflector<T> {
  const store = createObjectStore<T>({ indexes: options.indexes, logger: options.logger });
  const mirroring = new OptionalMirroring(options, store);
  return {
    store,
    silentMs: () => mirroring.silentMs(),
    run: ({ signal }: CallOptions) => mirroring.run(signal),
  };
}

/** Whether the kind can be mirrored; undefined where the server did not say. */
type Availability = "served" | "forbidden" | "absent" | undefined;

/** The time in which the kind is followed. */
interface Session {
  readonly silentMs: () => number;
  readonly end: () => void;
  readonly ended: Promise<void>;
}

class OptionalMirroring<T extends KubeObject> {
  readonly #options: OptionalReflectorOptions<T>;
  readonly #store: MutableStore<T>;
  #session: Session | undefined;
  #last: Availability;

  constructor(options: OptionalReflectorOptions<T>, store: MutableStore<T>) {
    this.#options = options;
    this.#store = store;
  }

  /** A kind that is not followed is no stale one. */
  silentMs(): number {
    return this.#session?.silentMs() ?? 0;
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const availability = await this.#ask(signal);
        await this.#follow(availability, signal);
        await this.#options.clock.sleep(availability === undefined ? retryMs : askAgainMs, { signal });
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#stop();
    }
  }

  async #ask(signal: AbortSignal): Promise<Availability> {
    const { client, type } = this.#options;
    try {
      const served = await client.discover(`${type.group}/${type.version}`, { signal });
      if (!served.some(({ plural }) => plural === type.plural)) return "absent";
      return this.#session === undefined ? await this.#probe(signal) : "served";
    } catch (error) {
      signal.throwIfAborted();
      this.#options.logger.warn("can't find out whether a kind is served, trying again", {
        kind: type.kind,
        reason: errorMessage(error),
      });
      return undefined;
    }
  }

  /** A kind may be served and yet not be ours to read: then nothing is to wait for it. */
  async #probe(signal: AbortSignal): Promise<Availability> {
    const { client, type, namespaces = [undefined], labelSelector } = this.#options;
    try {
      for (const namespace of namespaces) {
        await client.list(type, { namespace, labelSelector, limit: 1, signal });
      }
      return "served";
    } catch (error) {
      if (isKubeError(error, "Forbidden")) return "forbidden";
      if (isKubeError(error, "NotFound")) return "absent";
      throw error;
    }
  }

  async #follow(availability: Availability, signal: AbortSignal): Promise<void> {
    if (availability === undefined) return;
    if (availability !== this.#last) this.#say(availability);
    this.#last = availability;
    if (availability === "served") {
      this.#session ??= this.#start(signal);
      return;
    }
    await this.#stop();
    if (availability === "forbidden" && this.#options.mustBeListed === true) return;
    if (!this.#store.synced || this.#store.list().length > 0) this.#store.replaceAll([]);
  }

  #say(availability: "served" | "forbidden" | "absent"): void {
    const { logger, type } = this.#options;
    const fields = { kind: type.kind, group: type.group };
    if (availability === "served") logger.info("an optional kind is served and followed", fields);
    else if (availability === "absent") logger.info("an optional kind is not served", fields);
    else logger.warn("an optional kind is served, but may not be listed", fields);
  }

  #start(signal: AbortSignal): Session {
    const ending = new AbortController();
    const reflector = createReflectorGroup(this.#options);
    const session = AbortSignal.any([signal, ending.signal]);
    const copying = copy(reflector.store, this.#store, session);
    const running = reflector.run({ signal: session });
    return {
      silentMs: () => reflector.silentMs(),
      end: () => ending.abort(),
      ended: Promise.all([running, copying]).then(() => undefined),
    };
  }

  async #stop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    session?.end();
    await session?.ended;
  }
}

/** Keeps `to` equal to `from` once that has synced, until aborted. */
async function copy<T extends KubeObject>(
  from: Reflector<T>["store"],
  to: MutableStore<T>,
  signal: AbortSignal,
): Promise<void> {
  await from.whenSynced({ signal }).catch(() => undefined);
  if (signal.aborted) return;
  const stop = from.subscribe(({ before, after }) => {
    if (after !== undefined) to.put(after);
    else if (before !== undefined) to.remove(keyOf(before));
  });
  to.replaceAll(from.list());
  signal.addEventListener("abort", stop, { once: true });
}
