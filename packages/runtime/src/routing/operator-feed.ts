/**
 * Routings from an operator's REST API. A channel is asked for when its first turn comes. Then it is watched, where the
 * operator serves watches; else, and while a watch is broken, it is asked for again and again as long as it is used. What
 * was once known serves on while the operator is away.
 *
 *   unknown ── first turn ──► known ── told, or asked every 5 s: same, newer ──► known
 *                               │  404 three times in a row, while others are there ──► gone (missing-channels.ts)
 *                               └  older, unreadable, no answer ──► known, as before
 */

import { createObjectStore } from "@lmos/kube";
import {
  abortable,
  type Clock,
  errorMessage,
  isRecord,
  type Logger,
  type Random,
  whenAborted,
} from "@lmos/primitives";
import {
  type ChannelIdentity,
  type ChannelRouting,
  channelIdentityOf,
  channelRoutingKind,
} from "@lmos/resources";
import { loggable } from "../loggable.ts";
import type { FetchOutcome, RoutingFeed } from "./feed.ts";
import { type Known, KnownChannels } from "./known-channels.ts";
import { isGone, missingOnceMore } from "./missing-channels.ts";
import { createOperatorCatalogue } from "./operator-catalogue.ts";
import { createOperatorClient, type OperatorAnswer, routingQuery } from "./operator-client.ts";
import { OperatorWatches, type WatchNews } from "./operator-watches.ts";
import { operatorWording } from "./operator-wording.ts";
import { identityIndex } from "./routing-table.ts";
import { identityText } from "./snapshot.ts";
import { isEarlierState } from "./snapshot-guard.ts";

/** What the feed is made of. */
export interface OperatorFeedOptions {
  /** Base address, without `/apis/v1`. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Milliseconds between two questions for the same channel. */
export const refreshMs = 5000;
/** Milliseconds for which a channel that the operator does not know is not asked for again. */
const missingMs = 1000;
/** Names of tenants, channels and subsets have no more characters: what is longer is there nowhere, and not asked for. */
const maxNameLength = 253;
/** Questions at once. */
const inFlight = 8;
/** In every so manieth round channels that are watched are asked for too, whatever the watches say. */
const roundsUntilAll = 12;

const wording = operatorWording({ channel: "", routing: true });

/** A feed that knows no channel yet. */
export function createOperatorFeed(options: OperatorFeedOptions): RoutingFeed {
  return new OperatorFeed(options);
}

class OperatorFeed implements RoutingFeed {
  readonly routings = createObjectStore<ChannelRouting>({
    indexes: { [identityIndex]: (routing) => [identityText(channelIdentityOf(routing))] },
  });
  readonly rollouts = undefined;
  readonly catalogue;
  readonly #options: OperatorFeedOptions;
  readonly #client;
  readonly #watches;
  readonly #known;
  readonly #asking = new Map<string, Promise<FetchOutcome>>();
  readonly #stopped = new AbortController();
  #refused = 0;

  constructor(options: OperatorFeedOptions) {
    this.#options = options;
    this.#known = new KnownChannels(options.clock, { onForgotten: (routing) => this.#drop(routing) });
    this.#client = createOperatorClient(options);
    const onNews = (identity: ChannelIdentity, news: WatchNews): void => this.#hear(identity, news);
    this.#watches = new OperatorWatches({ ...options, client: this.#client, onNews });
    this.catalogue = createOperatorCatalogue(this.#client, options.logger);
    this.routings.replaceAll([]); // nothing is missing: channels are asked for when they are needed
  }

  get refused(): number {
    return this.#refused;
  }

  ageMs(): number {
    return this.#known.ageMs();
  }

  async open(): Promise<void> {
    // an operator that is away at the start is no reason not to start
  }

  readonly fetch = async (
    identity: ChannelIdentity,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<FetchOutcome> => {
    const known = this.#known.get(identity);
    if (known?.routing !== undefined) return { kind: "known" };
    const isFresh = known !== undefined && this.#options.clock.monotonic() - known.heardAt < missingMs;
    if (isFresh || Object.values(identity).some((part) => part.length > maxNameLength))
      return { kind: "known" };
    return abortable(this.#askOnce(identity), signal);
  };

  async run({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { clock } = this.#options;
    void whenAborted(signal).then(() => this.#stopped.abort()); // questions that hang would keep the runtime from stopping
    try {
      for (let round = 1; !signal.aborted; round++) {
        await clock.sleep(refreshMs, { signal }).catch(() => undefined); // only the signal ends it early
        if (signal.aborted) break;
        await this.#refresh(round % roundsUntilAll === 0);
        this.#watches.follow(this.#known.served().map(({ identity }) => identity));
      }
    } finally {
      await this.#watches.stop();
    }
  }

  async #refresh(all: boolean): Promise<void> {
    const waiting = this.#known.served().filter(({ identity }) => all || !this.#watches.isLive(identity));
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (this.#stopped.signal.aborted) return;
        await this.#askOnce(next.identity);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  }

  /** Turns of one channel that come at once share one question. */
  #askOnce(identity: ChannelIdentity): Promise<FetchOutcome> {
    const key = identityText(identity);
    const asking = this.#asking.get(key);
    if (asking !== undefined) return asking;
    const asked = this.#ask(identity)
      .catch((error: unknown) =>
        this.#fail(identity, this.#known.get(identity), {
          message: wording.unanswered,
          reason: errorMessage(error),
        }),
      )
      .finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  async #ask(identity: ChannelIdentity): Promise<FetchOutcome> {
    const known = this.#known.get(identity);
    const query = { ...routingQuery(identity), etag: known?.etag };
    const answer = await this.#client.get(query, { signal: this.#stopped.signal });
    return this.#take(identity, known, answer);
  }

  /** What a watch tells counts as an answer does. A channel that is no longer served is not watched much longer. */
  #hear(identity: ChannelIdentity, news: WatchNews): void {
    const known = this.#known.get(identity);
    if (known?.routing === undefined) return;
    switch (news.kind) {
      case "routing":
        this.#takeRouting(identity, known, { body: news.body, etag: undefined });
        return;
      case "missing":
        this.#takeMissing(identity, known, news);
        return;
      case "same":
        this.#known.find(known);
        return;
      default:
        news satisfies never;
    }
  }

  #take(identity: ChannelIdentity, known: Known | undefined, answer: OperatorAnswer): FetchOutcome {
    switch (answer.kind) {
      case "found":
        return this.#takeRouting(identity, known, answer);
      case "unchanged":
        if (known !== undefined) this.#known.find(known);
        return { kind: "known" };
      case "missing":
        this.#takeMissing(identity, known, { deleted: false });
        return { kind: "known" };
      case "failed":
        return this.#fail(identity, known, answer);
      default:
        return answer satisfies never;
    }
  }

  #takeRouting(
    identity: ChannelIdentity,
    known: Known | undefined,
    { body, etag }: Pick<Extract<OperatorAnswer, { kind: "found" }>, "body" | "etag">,
  ): FetchOutcome {
    const read = channelRoutingKind.schema.safeParse(withKind(body));
    if (!read.success)
      return this.#fail(identity, known, { message: wording.unreadable, reason: read.error.message });
    const routing = heldAs(identity, read.data);
    if (known?.routing !== undefined && isEarlierState(routing, known.routing)) {
      this.#refused += 1;
      this.#known.find(known);
      return { kind: "known" };
    }
    if (identityText(channelIdentityOf(routing)) !== identityText(identity)) {
      return this.#fail(identity, known, { message: wording.unreadable, reason: "it is of another channel" });
    }
    this.#known.find({ identity, routing, etag });
    this.routings.put(routing);
    return { kind: "known" };
  }

  #takeMissing(
    identity: ChannelIdentity,
    known: Known | undefined,
    { deleted }: { readonly deleted: boolean },
  ): void {
    const nowMs = this.#options.clock.monotonic();
    const missing = missingOnceMore(known?.missing, { deleted, nowMs });
    const served = known?.routing;
    if (served !== undefined && !isGone(missing, { foundAtMs: this.#known.foundAtMs, nowMs })) {
      this.#refused += 1;
      this.#known.remember({ identity, routing: served, etag: known?.etag, missing });
      return;
    }
    if (served !== undefined) this.#drop(served);
    this.#known.remember({ identity, routing: undefined, etag: undefined, missing });
  }

  #fail(
    identity: ChannelIdentity,
    known: Known | undefined,
    { message, reason }: { readonly message: string; readonly reason: string },
  ): FetchOutcome {
    this.#options.logger.warn("The operator gave no routing", {
      tenant: loggable(identity.tenant),
      channel: loggable(identity.channel),
      subset: loggable(identity.subset),
      reason,
    });
    if (known?.routing === undefined) return { kind: "failed", message };
    known.missing = undefined; // what it said before is not what it says in a row
    return { kind: "known" };
  }

  #drop({ metadata }: ChannelRouting): void {
    this.routings.remove({ namespace: metadata.namespace, name: metadata.name });
  }
}

/**
 * The routing as the store holds it: named by its channel. A namespace may be left out, and then two tenants may have equal
 * names; and an object that now is of another channel must not take the place of the one it was.
 */
function heldAs(identity: ChannelIdentity, routing: ChannelRouting): ChannelRouting {
  return {
    ...routing,
    metadata: { ...routing.metadata, namespace: "default", name: identityText(identity) },
  };
}

/**
 * The body as an object of the kind, whatever kind it says it is of: the Kotlin operator may leave out what every object
 * has, and the Kotlin runtime does not look. What is null is as if it were not there.
 */
function withKind(body: unknown): unknown {
  return isRecord(body)
    ? Object.assign({}, withoutNulls(body), { apiVersion: "lmos.eclipse/v1", kind: "ChannelRouting" })
    : body;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([name, member]) => [name, withoutNulls(member)]));
}
