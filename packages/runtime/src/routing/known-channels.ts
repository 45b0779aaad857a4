/** The channels that an operator was asked for, and what it last said of each. */
import type { Clock } from "@lmos/primitives";
import type { ChannelIdentity, ChannelRouting } from "@lmos/resources";
import type { Missing } from "./missing-channels.ts";
import { identityText } from "./snapshot.ts";

/** Channels that are remembered; the one that was asked for longest ago goes first. */
const maxChannels = 20_000;

/** What is known of a channel. */
export interface Known {
  readonly identity: ChannelIdentity;
  readonly routing: ChannelRouting | undefined;
  readonly etag: string | undefined;
  /** Undefined where the last answer was no "there is none". */
  missing: Missing | undefined;
  /** When the operator last answered for it. */
  readonly heardAt: number;
}

/** Channels by identity. */
export class KnownChannels {
  readonly #clock: Clock;
  readonly #onForgotten: (routing: ChannelRouting) => void;
  readonly #known = new Map<string, Known>();
  #foundAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, { onForgotten }: { readonly onForgotten: (routing: ChannelRouting) => void }) {
    this.#clock = clock;
    this.#onForgotten = onForgotten;
  }

  /** When any channel was last found. */
  get foundAtMs(): number {
    return this.#foundAtMs;
  }

  get(identity: ChannelIdentity): Known | undefined {
    return this.#known.get(identityText(identity));
  }

  /** Those that have a routing; the one that was heard of last comes first. */
  served(): Known[] {
    return [...this.#known.values()].filter(({ routing }) => routing !== undefined).reverse();
  }

  /** Milliseconds since the served channel was heard of that was not for longest. */
  ageMs(): number {
    const now = this.#clock.monotonic();
    return this.served().reduce((age, { heardAt }) => Math.max(age, now - heardAt), 0);
  }

  /** It is there, as it was or as it is now. */
  find(known: Omit<Known, "missing" | "heardAt">): void {
    this.#foundAtMs = this.#clock.monotonic();
    this.remember({ ...known, missing: undefined });
  }

  /** The operator has answered for it. */
  remember(known: Omit<Known, "heardAt">): void {
    const key = identityText(known.identity);
    this.#known.delete(key); // a Map keeps the order of insertion: the first is the one that was heard of longest ago
    this.#known.set(key, { ...known, heardAt: this.#clock.monotonic() });
    const [oldest] = this.#known;
    if (this.#known.size <= maxChannels || oldest === undefined) return;
    this.#known.delete(oldest[0]);
    if (oldest[1].routing !== undefined) this.#onForgotten(oldest[1].routing);
  }
}
