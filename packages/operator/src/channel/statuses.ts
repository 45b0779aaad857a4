/**
 * The statuses of Channels between the turn that decided them and the one that writes them. A routing is what runtimes wait
 * for, a status is read by people: so a status waits for its own turn, and of several that come before that only the last is
 * written. What it claims of the routing is true by then: it is put here after the routing was written, and held before the
 * routing changes again.
 */
import { type CallOptions, keyOf, keyText, type ObjectKey, requeueOnChange, type Source } from "@lmos/kube";
import { abortable, type Clock, withDeadline } from "@lmos/primitives";
import type { Channel, ChannelStatus } from "@lmos/resources";
import { applyCommands, type Writers } from "../apply.ts";
import type { ApplyCommand } from "../commands.ts";
import type { Precedence } from "../precedence.ts";
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
  /** The routing may be about to change: what was decided before counts as decided, but is not written any more. */
  hold(channel: Channel): void;
  /** The routing is about to lose something: waits until no write that may claim it is under way, for a second at most. */
  whenWritten(channel: Channel, options: CallOptions): Promise<void>;
  /** It is to be written in place of those that were put before. */
  put(channel: Channel, decided: DecidedStatus, options: CallOptions): Promise<void>;
  /** The Channel is gone. */
  forget(key: ObjectKey): void;
}

/** Writes each as it comes. */
export function writtenAtOnce(writers: Writers): Statuses {
  return {
    decided: () => undefined,
    hold: () => undefined,
    whenWritten: async () => undefined,
    put: (_channel, { command }, options) => applyCommands([command], writers, options),
    forget: () => undefined,
  };
}

/** A routing that is revoked has to be gone within two seconds, whatever a status takes. */
const longestWriteMs = 1_000;

interface Waiting extends DecidedStatus {
  /** That of the Channel: another one of the same name has a status of its own. */
  readonly uid: string | undefined;
  readonly isHeld: boolean;
}

/** What statuses are written with. */
export interface StatusWriting {
  readonly channels: Stores["channels"];
  readonly writers: Writers;
  /** Routings go first. */
  readonly precedence: Pick<Precedence, "patient">;
}

/** Statuses that wait: one for each Channel, in memory only. A new leader decides anew what was not written. */
export class WaitingStatuses implements Statuses {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #listeners = new Set<(key: ObjectKey) => void>();

  /** Names each Channel whose status is to be written. */
  readonly source: Source = {
    start: (enqueue) => {
      const listener = (key: ObjectKey): void => enqueue(key);
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  decided(channel: Channel): ChannelStatus | undefined {
    const waiting = this.#waiting.get(keyText(keyOf(channel)));
    return waiting?.uid === channel.metadata.uid ? waiting?.status : undefined;
  }

  hold(channel: Channel): void {
    const text = keyText(keyOf(channel));
    const waiting = this.#waiting.get(text);
    if (waiting !== undefined) this.#waiting.set(text, { ...waiting, isHeld: true });
  }

  async whenWritten(channel: Channel, { signal }: CallOptions): Promise<void> {
    const underWay = this.#underWay.get(keyText(keyOf(channel)));
    if (underWay === undefined) return;
    using deadline = withDeadline("a status", longestWriteMs, { signal, clock: this.#clock });
    await abortable(underWay, deadline.signal).catch(() => signal.throwIfAborted());
  }

  async put(channel: Channel, decided: DecidedStatus): Promise<void> {
    const key = keyOf(channel);
    this.#waiting.set(keyText(key), { ...decided, uid: channel.metadata.uid, isHeld: false });
    for (const listener of this.#listeners) listener(key);
  }

  forget(key: ObjectKey): void {
    this.#waiting.delete(keyText(key));
  }

  /** The loop body that writes them. One that can't be written is tried again, unless a newer one has come. */
  writer({ channels, writers, precedence }: StatusWriting): Reconcile {
    return async (key, options) => {
      await precedence.patient(() => this.#write(key, { channels, writers }, options), options);
      return requeueOnChange;
    };
  }

  async #write(
    key: ObjectKey,
    { channels, writers }: Pick<StatusWriting, "channels" | "writers">,
    options: CallOptions,
  ): Promise<void> {
    const text = keyText(key);
    const waiting = this.#waiting.get(text);
    const live = channels.get(key);
    if (waiting === undefined || waiting.isHeld) return;
    if (live !== undefined && live.metadata.uid === waiting.uid) {
      await this.#noted(text, applyCommands([{ ...waiting.command, live }], writers, options));
    }
    if (this.#waiting.get(text)?.status === waiting.status) this.#waiting.delete(text);
  }

  /** The same write, known as under way until it is over. */
  async #noted(text: string, write: Promise<void>): Promise<void> {
    this.#underWay.set(text, write);
    try {
      await write;
    } finally {
      this.#underWay.delete(text);
    }
  }
}
