/**
 * Watches of an operator's routings, one for each channel, as far as the operator serves any. A watch that breaks is opened
 * again where it was, later and later; meanwhile, and where there are none, channels are asked for as before.
 *
 *   opening ── the first event ──► live ── broken, silent for 45 s ──► waiting, 1 to 30 s ──► opening
 *      │                            └── "deleted" ──► not live: whoever asks has to confirm it
 *      └── no event stream ──► no watches for five minutes
 */
import {
  backoffDelayMs,
  type Clock,
  errorMessage,
  type Logger,
  type Random,
  type StreamEvent,
} from "@lmos/primitives";
import type { ChannelIdentity } from "@lmos/resources";
import { loggable } from "../loggable.ts";
import { type OperatorClient, routingQuery } from "./operator-client.ts";
import { identityText } from "./snapshot.ts";

/** What a watch tells of a channel's routing. */
export type WatchNews =
  | { readonly kind: "routing"; readonly body: unknown }
  /** There is none, the operator says: it saw it go, or does not find it. */
  | { readonly kind: "missing"; readonly deleted: boolean }
  /** It is as it was. */
  | { readonly kind: "same" };

/** What watches are made of. */
export interface OperatorWatchesOptions {
  readonly client: Pick<OperatorClient, "watch">;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly onNews: (identity: ChannelIdentity, news: WatchNews) => void;
}

/** Channels that are watched; each is a connection. Others are asked for. */
const maxWatches = 100;
/** Watches that are opened at once: an operator allows so many requests a second. */
const maxNewWatches = 20;
const unsupportedMs = 5 * 60_000;
const reconnect = { initialMs: 1000, maxMs: 30_000, factor: 2, jitter: 0.5 } as const;

interface Watch {
  readonly identity: ChannelIdentity;
  readonly stop: AbortController;
  /** Where the last event was. */
  position: string | undefined;
  /** What it tells is all there is to know. */
  live: boolean;
  done: Promise<void>;
}

/** The watches of one operator; stop them when they are no longer needed. */
export class OperatorWatches {
  readonly #options: OperatorWatchesOptions;
  readonly #watches = new Map<string, Watch>();
  #unsupportedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: OperatorWatchesOptions) {
    this.#options = options;
  }

  /** Whether changes of that channel come by themselves. */
  isLive(identity: ChannelIdentity): boolean {
    return this.#watches.get(identityText(identity))?.live === true;
  }

  /** Watches these channels and no others. Those that are watched go on; of the rest come the first ones, a few at a time. */
  follow(identities: readonly ChannelIdentity[]): void {
    const wanted = new Map(identities.map((each) => [identityText(each), each]));
    for (const [key, { stop }] of this.#watches) if (!wanted.has(key)) stop.abort();
    if (this.#options.clock.monotonic() < this.#unsupportedUntil) return;
    const room = Math.min(maxNewWatches, maxWatches - this.#watches.size);
    const others = [...wanted].filter(([key]) => !this.#watches.has(key));
    for (const [key, identity] of others.slice(0, Math.max(0, room))) this.#start(key, identity);
  }

  /** Ends all of them. */
  async stop(): Promise<void> {
    const watches = [...this.#watches.values()];
    for (const { stop } of watches) stop.abort();
    await Promise.all(watches.map(({ done }) => done));
  }

  #start(key: string, identity: ChannelIdentity): void {
    const stop = new AbortController();
    const watch: Watch = { identity, stop, position: undefined, live: false, done: Promise.resolve() };
    this.#watches.set(key, watch);
    watch.done = this.#keepOpen(watch)
      .catch((error: unknown) => this.#log(watch, errorMessage(error))) // only its own signal ends it so
      .finally(() => this.#watches.delete(key));
  }

  async #keepOpen(watch: Watch): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = watch.stop;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const ended = await this.#open(watch);
      if (ended === "unsupported") return this.#giveUp();
      if (ended === "broken") attempt = 0;
      await clock.sleep(backoffDelayMs(reconnect, attempt, random), { signal }).catch(() => undefined);
    }
  }

  /** Reads one watch to its end; `broken` when it had told something. */
  async #open(watch: Watch): Promise<"unsupported" | "failed" | "broken"> {
    const { client, onNews } = this.#options;
    const { identity, stop } = watch;
    const onHeard = (): void => {
      if (watch.live) onNews(identity, { kind: "same" });
    };
    let told = false;
    try {
      const options = { lastEventId: watch.position, onHeard, signal: stop.signal };
      const opened = await client.watch(routingQuery(identity), options);
      if (opened.kind === "unsupported") return "unsupported";
      if (opened.kind === "failed") this.#log(watch, opened.reason);
      else {
        const reading = new WatchReading(watch, onNews);
        for await (const event of opened.events) {
          told = true;
          reading.take(event);
        }
      }
    } catch (error) {
      if (!stop.signal.aborted) this.#log(watch, errorMessage(error));
    } finally {
      watch.live = false;
    }
    return told ? "broken" : "failed";
  }

  #giveUp(): void {
    const { clock, logger } = this.#options;
    if (clock.monotonic() >= this.#unsupportedUntil)
      logger.info("The operator serves no watches: its routings are asked for again and again");
    this.#unsupportedUntil = clock.monotonic() + unsupportedMs;
  }

  #log({ identity }: Watch, reason: string): void {
    this.#options.logger.warn("A watch of the operator ended, its channel is asked for meanwhile", {
      tenant: loggable(identity.tenant),
      channel: loggable(identity.channel),
      subset: loggable(identity.subset),
      reason,
    });
  }
}

/** What the events of one connection mean. */
class WatchReading {
  readonly #watch: Watch;
  readonly #onNews: OperatorWatchesOptions["onNews"];
  /** Whether it is known what there is: from a watch before this one, or because this one has told. */
  #known: boolean;

  constructor(watch: Watch, onNews: OperatorWatchesOptions["onNews"]) {
    this.#watch = watch;
    this.#onNews = onNews;
    this.#known = watch.position !== undefined;
  }

  take({ event, id, data }: StreamEvent): void {
    if (id !== undefined) this.#watch.position = id;
    switch (event) {
      case "added":
      case "modified":
        this.#known = true;
        this.#watch.live = true;
        this.#onNews(this.#watch.identity, { kind: "routing", body: parseJson(data) });
        return;
      case "reset":
        this.#known = false;
        return;
      case "synced":
        if (this.#known) this.#same();
        else this.#missing({ deleted: false });
        return;
      case "deleted":
        this.#missing({ deleted: true });
        return;
      default: // an event that a later operator may send
    }
  }

  #same(): void {
    this.#watch.live = true;
    this.#onNews(this.#watch.identity, { kind: "same" });
  }

  /** A watch that says so is believed no more than an answer that does: it has to be confirmed. */
  #missing({ deleted }: { readonly deleted: boolean }): void {
    this.#watch.live = false;
    this.#onNews(this.#watch.identity, { kind: "missing", deleted });
  }
}

/** What is no JSON is no routing: whoever takes it says so. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
