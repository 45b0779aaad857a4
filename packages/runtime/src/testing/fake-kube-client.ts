/** The two verbs that mirrors use, over objects in memory. */
import type {
  KubeClient,
  KubeObject,
  ListOptions,
  ObjectList,
  ResourceType,
  WatchEvent,
  WatchOptions,
} from "@lmos/kube";
import { keyOf, keyText } from "@lmos/kube";

/** Objects by kind; changes reach the watches that are open. */
export class FakeKubeClient implements Pick<KubeClient, "list" | "watch"> {
  readonly #objects = new Map<string, unknown>();
  readonly #listeners = new Set<
    (kind: string, type: "added" | "modified" | "deleted", object: unknown) => void
  >();
  #version = 1;

  /** Creates or changes an object. */
  put(object: KubeObject): void {
    const text = idOf(object);
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    const type = this.#objects.has(text) ? "modified" : "added";
    this.#objects.set(text, stored);
    for (const listener of this.#listeners) listener(object.kind, type, stored);
  }

  /** Deletes an object. */
  remove(object: KubeObject): void {
    this.#version += 1;
    const stored = this.#objects.get(idOf(object));
    this.#objects.delete(idOf(object));
    for (const listener of this.#listeners) listener(object.kind, "deleted", stored);
  }

  async list<T extends KubeObject>(type: ResourceType<T>, _options: ListOptions): Promise<ObjectList<T>> {
    const stored = [...this.#objects].filter(([text]) => text.startsWith(`${type.kind} `));
    const items = stored.map(([, object]) => type.parse(object));
    return { items, invalid: [], resourceVersion: String(this.#version), continueToken: undefined };
  }

  async *watch<T extends KubeObject>(
    type: ResourceType<T>,
    { signal }: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void> {
    const events: WatchEvent<T>[] = [];
    let arrival = Promise.withResolvers<void>();
    const listener = (kind: string, change: "added" | "modified" | "deleted", object: unknown): void => {
      if (kind !== type.kind) return;
      events.push({ kind: change, object: type.parse(object) });
      arrival.resolve();
    };
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => arrival.reject(signal.reason), { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        await arrival.promise;
        arrival = Promise.withResolvers<void>();
        arrival.promise.catch(() => undefined);
        yield* events.splice(0);
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}

function idOf(object: KubeObject): string {
  return `${object.kind} ${keyText(keyOf(object))}`;
}
