/** A store whose contents a test sets. */
import { type Change, keyOf, keyText, type Store } from "@lmos/kube";
import { abortable } from "@lmos/primitives";
import { type ChannelRouting, channelIdentityOf } from "@lmos/resources";
import { identityText } from "../routing/snapshot.ts";

/** Holds routings, and tells its listeners as a mirror would. */
export class FakeStore
  implements Pick<Store<ChannelRouting>, "list" | "byIndex" | "subscribe" | "whenSynced">
{
  readonly #routings = new Map<string, ChannelRouting>();
  readonly #listeners = new Set<(change: Change<ChannelRouting>) => void>();
  readonly #synced = Promise.withResolvers<void>();

  list(): readonly ChannelRouting[] {
    return [...this.#routings.values()];
  }

  byIndex(_index: string, value: string): readonly ChannelRouting[] {
    return this.list().filter((routing) => identityText(channelIdentityOf(routing)) === value);
  }

  subscribe(listener: (change: Change<ChannelRouting>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  whenSynced({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    return abortable(this.#synced.promise, signal);
  }

  /** The first list has arrived. */
  sync(): void {
    this.#synced.resolve();
  }

  /** Creates or changes a routing. */
  put(routing: ChannelRouting): void {
    const text = keyText(keyOf(routing));
    const before = this.#routings.get(text);
    this.#routings.set(text, routing);
    this.#tell({ before, after: routing });
  }

  /** Deletes a routing. */
  remove(routing: ChannelRouting): void {
    const text = keyText(keyOf(routing));
    const before = this.#routings.get(text);
    this.#routings.delete(text);
    this.#tell({ before, after: undefined });
  }

  #tell(change: Change<ChannelRouting>): void {
    for (const listener of this.#listeners) listener(change);
  }
}
