/** The Channels and ChannelRoutings of the mirrors, for those who ask what a tenant has. */
import { keyOf, keyText, type Store } from "@lmos/kube";
import {
  type Channel,
  type ChannelIdentity,
  type ChannelRouting,
  subsetOf,
  tenantLabel,
} from "@lmos/resources";
import { identityIndex } from "./routing-table.ts";
import { identityText } from "./snapshot.ts";

/** Which objects are meant; those of every namespace unless one is named. */
export interface CatalogueQuery {
  readonly namespace: string | undefined;
}

/** What a tenant has. Where objects share an identity, the first one by name stands for it. */
export interface ChannelCatalogue {
  /** True once everything that there was at the start is known. */
  readonly synced: boolean;
  /** A tenant's Channels of one subset, ordered by namespace and name. */
  channelsOf(tenant: string, query: CatalogueQuery & { readonly subset: string }): readonly Channel[];
  channel(identity: ChannelIdentity, query: CatalogueQuery): Channel | undefined;
  routing(identity: ChannelIdentity, query: CatalogueQuery): ChannelRouting | undefined;
}

/** Both stores have the index {@link identityIndex}. */
export interface CatalogueStores {
  readonly channels: Pick<Store<Channel>, "list" | "byIndex" | "synced">;
  readonly routings: Pick<Store<ChannelRouting>, "byIndex" | "synced">;
}

/** A catalogue over mirrors. */
export function createChannelCatalogue({ channels, routings }: CatalogueStores): ChannelCatalogue {
  return {
    get synced() {
      return channels.synced && routings.synced;
    },
    channelsOf: (tenant, { subset, namespace }) =>
      inOrder(channels.list(), namespace).filter(
        ({ metadata }) => metadata.labels?.[tenantLabel] === tenant && subsetOf({ metadata }) === subset,
      ),
    channel: (identity, { namespace }) =>
      inOrder(channels.byIndex(identityIndex, identityText(identity)), namespace)[0],
    routing: (identity, { namespace }) =>
      inOrder(routings.byIndex(identityIndex, identityText(identity)), namespace)[0],
  };
}

function inOrder<T extends Channel | ChannelRouting>(
  objects: readonly T[],
  namespace: string | undefined,
): readonly T[] {
  return objects
    .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
    .toSorted((a, b) => (keyText(keyOf(a)) < keyText(keyOf(b)) ? -1 : 1));
}
