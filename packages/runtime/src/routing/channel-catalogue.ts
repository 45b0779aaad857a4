/** The Channels and ChannelRoutings that there are, for those who ask what a tenant has. */
import { keyOf, keyText, type Store } from "@lmos/kube";
import {
  type Channel,
  type ChannelIdentity,
  type ChannelRouting,
  defaultSubset,
  subsetOf,
  tenantLabel,
} from "@lmos/resources";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import {
  type ChannelDocument,
  channelDocument,
  type RoutingDocument,
  routingDocument,
} from "./channel-documents.ts";
import { identityIndex } from "./routing-table.ts";
import { identityText } from "./snapshot.ts";

/** Which objects are meant. */
export interface CatalogueQuery {
  readonly tenant: string;
  /** The default one unless given. */
  readonly subset: string | undefined;
  /** Every namespace unless given. */
  readonly namespace: string | undefined;
}

/** Which object is meant. */
export interface ChannelQuery extends CatalogueQuery {
  readonly channel: string;
}

/** What was asked for, or why there is no answer. */
export type CatalogueAnswer<T> =
  | { readonly kind: "found"; readonly value: T }
  /** With what is said of a routing that there is not, where that is special. */
  | { readonly kind: "missing"; readonly message?: string | undefined }
  | { readonly kind: "failed"; readonly failure: TurnFailure };

interface CallOptions {
  readonly signal: AbortSignal;
}

/** What a tenant has. Where objects share an identity, the first one by name stands for it. */
export interface ChannelCatalogue {
  /** A tenant's Channels of one subset, ordered by namespace and name. */
  channelsOf(
    query: CatalogueQuery,
    options: CallOptions,
  ): Promise<CatalogueAnswer<readonly ChannelDocument[]>>;
  channel(query: ChannelQuery, options: CallOptions): Promise<CatalogueAnswer<ChannelDocument>>;
  routing(query: ChannelQuery, options: CallOptions): Promise<CatalogueAnswer<RoutingDocument>>;
}

/** Both stores have the index {@link identityIndex}. */
export interface CatalogueStores {
  readonly channels: Pick<Store<Channel>, "list" | "byIndex" | "synced">;
  readonly routings: Pick<Store<ChannelRouting>, "byIndex" | "synced">;
  /** What is said of a routing that there is not; the usual sentence unless given. */
  readonly describeMissing?: ((identity: ChannelIdentity) => string) | undefined;
}

/** A catalogue over stores that know everything once they are synced. */
export function createChannelCatalogue({
  channels,
  routings,
  describeMissing,
}: CatalogueStores): ChannelCatalogue {
  const isOf =
    ({ tenant, subset = defaultSubset }: CatalogueQuery) =>
    ({ metadata }: Channel): boolean =>
      metadata.labels?.[tenantLabel] === tenant && subsetOf({ metadata }) === subset;
  const answer = async <T>(find: () => T | undefined): Promise<CatalogueAnswer<T>> => {
    if (!channels.synced || !routings.synced) return { kind: "failed", failure: notKnownYet };
    const value = find();
    return value === undefined ? { kind: "missing" } : { kind: "found", value };
  };
  const found = <T extends Channel | ChannelRouting>(
    store: { byIndex(index: string, value: string): readonly T[] },
    query: ChannelQuery,
  ): readonly T[] => inOrder(store.byIndex(identityIndex, indexValue(query)), query.namespace).slice(0, 1);
  return {
    channelsOf: (query) =>
      answer(() => inOrder(channels.list(), query.namespace).filter(isOf(query)).map(channelDocument)),
    channel: (query) => answer(() => found(channels, query).map(channelDocument)[0]),
    routing: async (query) => {
      const answered = await answer(() => found(routings, query).map(routingDocument)[0]);
      if (answered.kind !== "missing") return answered;
      return { kind: "missing", message: describeMissing?.(identityOf(query)) };
    },
  };
}

const notKnownYet = turnFailure("overloaded", "The channels are not known yet.", 1);

function indexValue(query: ChannelQuery): string {
  return identityText(identityOf(query));
}

function identityOf({ tenant, channel, subset = defaultSubset }: ChannelQuery): ChannelIdentity {
  return { tenant, channel, subset };
}

function inOrder<T extends Channel | ChannelRouting>(
  objects: readonly T[],
  namespace: string | undefined,
): readonly T[] {
  return objects
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
    .toSorted((a, b) => (keyText(keyOf(a)) < keyText(keyOf(b)) ? -1 : 1));
}
