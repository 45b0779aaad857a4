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
import { KubeError, keyOf, keyText } from "@lmos/kube";
import { capabilityGrantKind, tenantKind } from "@lmos/resources";

interface Happened {
  readonly kind: string;
  readonly change: "added" | "modified" | "deleted";
  readonly object: unknown;
}

/** Objects by kind; changes reach the watches that are open. It serves the kinds of Tenants and grants, unless told otherwise. */
export class FakeKubeClient implements Pick<KubeClient, "list" | "watch" | "discover"> {
  /** The optional kinds that there are. */
  optional: readonly ResourceType[] = [tenantKind, capabilityGrantKind];
  /** Kinds that may not be listed. */
  readonly forbidden = new Set<string>();
  readonly #objects = new Map<string, unknown>();
  /** Every change, the one of version 2 first. */
  readonly #journal: Happened[] = [];
  readonly #listeners = new Set<() => void>();
  #version = 1;

  /** Creates or changes an object. */
  put(object: KubeObject): void {
    const text = idOf(object);
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    const type = this.#objects.has(text) ? "modified" : "added";
    this.#objects.set(text, stored);
    this.#tell({ kind: object.kind, change: type, object: stored });
  }

  /** Deletes an object. */
  remove(object: KubeObject): void {
    this.#version += 1;
    const stored = this.#objects.get(idOf(object));
    this.#objects.delete(idOf(object));
    this.#tell({ kind: object.kind, change: "deleted", object: stored });
  }

  #tell(happened: Happened): void {
    this.#journal.push(happened);
    for (const listener of this.#listeners) listener();
  }

  async discover(): Promise<readonly ResourceType[]> {
    return this.optional;
  }

  async list<T extends KubeObject>(type: ResourceType<T>, _options: ListOptions): Promise<ObjectList<T>> {
    if (this.forbidden.has(type.kind)) throw new KubeError("Forbidden", `may not list ${type.plural}`);
    const stored = [...this.#objects].filter(([text]) => text.startsWith(`${type.kind} `));
    const items = stored.map(([, object]) => type.parse(object));
    return { items, invalid: [], resourceVersion: String(this.#version), continueToken: undefined };
  }

  async *watch<T extends KubeObject>(
    type: ResourceType<T>,
    { signal, resourceVersion }: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void> {
    let seen = Number(resourceVersion) - 1;
    let arrival = Promise.withResolvers<void>();
    const listener = (): void => arrival.resolve();
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => arrival.reject(signal.reason), { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        for (const { kind, change, object } of this.#journal.slice(seen)) {
          seen += 1;
          if (kind === type.kind) yield { kind: change, object: type.parse(object) };
        }
        await arrival.promise;
        arrival = Promise.withResolvers<void>();
        arrival.promise.catch(() => undefined);
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }
}

function idOf(object: KubeObject): string {
  return `${object.kind} ${keyText(keyOf(object))}`;
}
