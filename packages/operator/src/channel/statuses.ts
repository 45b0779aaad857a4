/**
 * The statuses of Channels between the turn that decided them and the one that writes them. A routing is what runtimes wait
 * for, a status is read by people: so a status waits for its own turn, and of several that come before that only the last is
 * written. What it claims of the routing is true by then, as it is put here after the routing was written.
 */
import { type CallOptions, keyOf, keyText, type ObjectKey, requeueOnChange, type Source } from "@lmos/kube";
import type { Channel, ChannelStatus } from "@lmos/resources";
import { applyCommands, type Writers } from "../apply.ts";
import type { ApplyCommand } from "../commands.ts";
import type { Reconcile } from "../reconcile.ts";
import type { Stores } from "../stores.ts";

/** A status, and the write that it takes. */
export interface DecidedStatus {
  readonly status: ChannelStatus;
  readonly command: ApplyCommand;
}

/** Where decided statuses go. */
export interface Statuses {
  /** The one that was decided last for this Channel; undefined where that is written. */
  decided(channel: Channel): ChannelStatus | undefined;
  /** It is to be written in place of those that were put before. */
  put(channel: Channel, decided: DecidedStatus, options: CallOptions): Promise<void>;
}

/** Writes each as it comes. */
export function writtenAtOnce(writers: Writers): Statuses {
  return {
    decided: () => undefined,
    put: (_channel, { command }, options) => applyCommands([command], writers, options),
  };
}

interface Waiting extends DecidedStatus {
  /** That of the Channel: another one of the same name has a status of its own. */
  readonly uid: string | undefined;
}

/** Statuses that wait: one for each Channel, in memory only. A new leader decides anew what was not written. */
export class WaitingStatuses implements Statuses {
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<(key: ObjectKey) => void>();

  /** Names each Channel whose status is to be written. */
  readonly source: Source = {
    start: (enqueue) => {
      const listener = (key: ObjectKey): void => enqueue(key);
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  decided(channel: Channel): ChannelStatus | undefined {
    const waiting = this.#waiting.get(keyText(keyOf(channel)));
    return waiting?.uid === channel.metadata.uid ? waiting?.status : undefined;
  }

  async put(channel: Channel, decided: DecidedStatus): Promise<void> {
    const key = keyOf(channel);
    this.#waiting.set(keyText(key), { ...decided, uid: channel.metadata.uid });
    for (const listener of this.#listeners) listener(key);
  }

  /** The loop body that writes them. One that can't be written is tried again, unless a newer one has come. */
  writer({ channels }: Pick<Stores, "channels">, writers: Writers): Reconcile {
    return async (key, options) => {
      const text = keyText(key);
      const waiting = this.#waiting.get(text);
      const live = channels.get(key);
      if (waiting !== undefined && live !== undefined && live.metadata.uid === waiting.uid) {
        await applyCommands([{ ...waiting.command, live }], writers, options);
      }
      if (this.#waiting.get(text) === waiting) this.#waiting.delete(text);
      return requeueOnChange;
    };
  }
}
