/**
 * Where routings come from: a cluster's API server, an operator's REST API, or a file. Whatever it is, it fills a store
 * and keeps what it has when its source is gone: turns go on with the last routings.
 */
import type { Store } from "@lmos/kube";
import type { ChannelIdentity, ChannelRollout, ChannelRouting } from "@lmos/resources";
import type { ChannelCatalogue } from "./channel-catalogue.ts";

/** What became of asking for one channel's routing. */
export type FetchOutcome =
  /** It is in the store, if there is one. */
  | { readonly kind: "known" }
  /** The source could not say, and nothing is known from before. The text names nothing internal. */
  | { readonly kind: "failed"; readonly message: string };

/** Fills a store while `run` runs. */
export interface RoutingFeed {
  /** Has the index by identity. */
  readonly routings: Pick<Store<ChannelRouting>, "list" | "byIndex" | "subscribe" | "whenSynced">;
  /** Canary releases, where the source knows any. */
  readonly rollouts: Pick<Store<ChannelRollout>, "list" | "subscribe"> | undefined;
  readonly catalogue: ChannelCatalogue;
  /** What is said of a channel that has no routing here; the usual sentence unless given. */
  readonly describeMissing?: ((identity: ChannelIdentity) => string) | undefined;
  /** Milliseconds since the source last said that the routings are so. */
  ageMs(): number;
  /** Changes that were offered and refused, because they were older, empty by accident or unreadable. */
  readonly refused: number;
  /** Wires that nobody granted, where the feed asks; left out or only counted. */
  readonly ungranted?: number;
  /** Asks for one channel, where the source does not tell all of them by itself; undefined where it does. */
  readonly fetch:
    | ((identity: ChannelIdentity, options: { readonly signal: AbortSignal }) => Promise<FetchOutcome>)
    | undefined;
  /**
   * Reads what there must be at the start.
   *
   * @throws RuntimeError `InvalidRoutings` when a file cannot be read.
   */
  open(): Promise<void>;
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Which source. */
export type RoutingOrigin =
  | { readonly kind: "kubernetes" }
  /** Base address of an operator, ours or the Kotlin one, without `/apis/v1`. */
  | { readonly kind: "operator"; readonly url: string }
  /** Path of a YAML or JSON file with a list `channelRoutings`. */
  | { readonly kind: "file"; readonly path: string };
