/** What the read API answers: for each path which objects, and the document of each. */
import type { KubeObject } from "@lmos/kube";
import { type Channel, type ChannelRouting, channelIdentityOf } from "@lmos/resources";
import { namespaceOf, type Stores } from "../stores.ts";
import { channelDocument, routingDocument } from "./documents.ts";
import { findChannel, findChannels, findRouting } from "./find.ts";
import type { Query } from "./parameters.ts";
import type { Journal } from "./watch/journal.ts";
import type { Watched } from "./watch/stream.ts";

/** The journals of the stores that can be watched. */
export interface Journals {
  readonly channels: Journal<Channel>;
  readonly routings: Journal<ChannelRouting>;
}

/** Where answers come from. */
export interface Sources {
  readonly stores: Stores;
  readonly journals: Journals;
}

/** One path. */
export interface Route {
  readonly url: string;
  /** The document; undefined where there is no such thing. */
  answer(query: Query, sources: Sources): unknown;
  /** Calls `start` with what a watch of it shows. */
  watch<R>(query: Query, sources: Sources, start: <T extends KubeObject>(watched: Watched<T>) => R): R;
}

/** The paths of the original, each of which can be watched here. */
export const routes: readonly Route[] = [
  {
    url: "/apis/v1/tenants/:tenant/channels",
    answer: (query, { stores }) => findChannels(query, stores).map(channelDocument),
    watch: (query, { stores, journals }, start) =>
      start({
        journal: journals.channels,
        list: () => findChannels(query, stores),
        matches: (channel) => matches(channel, query),
        document: channelDocument,
      }),
  },
  {
    url: "/apis/v1/tenants/:tenant/channels/:channel",
    answer: (query, { stores }) => {
      const channel = findChannel(query, stores);
      return channel && channelDocument(channel);
    },
    watch: (query, { stores, journals }, start) =>
      start({
        journal: journals.channels,
        isOne: true,
        list: () => [findChannel(query, stores)].filter((channel) => channel !== undefined),
        matches: (channel) => matches(channel, query),
        document: channelDocument,
      }),
  },
  {
    url: "/apis/v1/tenants/:tenant/channels/:channel/routing",
    answer: (query, { stores }) => {
      const routing = findRouting(query, stores);
      return routing && routingDocument(routing);
    },
    watch: (query, { stores, journals }, start) =>
      start({
        journal: journals.routings,
        isOne: true,
        list: () => [findRouting(query, stores)].filter((routing) => routing !== undefined),
        matches: (routing) => matches(routing, query),
        document: routingDocument,
      }),
  },
];

function matches(object: KubeObject, { namespace, tenant, subset, channel }: Query): boolean {
  const identity = channelIdentityOf(object);
  return (
    namespaceOf(object) === namespace &&
    identity.tenant === tenant &&
    identity.subset === subset &&
    (channel === undefined || identity.channel === channel)
  );
}
