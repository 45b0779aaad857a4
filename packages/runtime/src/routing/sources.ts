/** Where routings and the agents' endpoints come from, and what is served of them. */
import type { EmbeddingModel } from "@lmos/embeddings";
import type { KubeClient } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import type { ChannelIdentity } from "@lmos/resources";
import type { ChatModel } from "@lmos/router";
import { createEndpointSource, type EndpointOrigin } from "../agents/endpoint-source.ts";
import type { AgentEndpoints } from "../agents/endpoints.ts";
import type { BackgroundPart } from "../background-work.ts";
import { RuntimeError } from "../errors.ts";
import type { RuntimeLimits } from "../limits.ts";
import { type ClassifierFactoryOptions, createClassifierFactory } from "./channel-classifier.ts";
import type { FetchOutcome, RoutingFeed, RoutingOrigin } from "./feed.ts";
import { createFileFeed } from "./file-feed.ts";
import { createIndexGenerations, type IndexGenerations } from "./index-generation.ts";
import { createKubernetesFeed, type GrantsOver } from "./kubernetes-feed.ts";
import { createOperatorFeed } from "./operator-feed.ts";
import { createRollouts, type Rollouts } from "./rollouts.ts";
import { createRoutingTable, type RoutingTable } from "./routing-table.ts";

/** What the sources are made of. */
export interface SourceOptions {
  /** Needed for routings from the API server, and for `local`. */
  readonly client?: Pick<KubeClient, "list" | "watch"> | undefined;
  /** What is granted of routings of the API server; all of it unless given. */
  readonly grantsOver?: GrantsOver | undefined;
  /** The API server unless given. */
  readonly routings?: RoutingOrigin | undefined;
  readonly embedding: EmbeddingModel;
  /** Asked where channels want it; without one vectors decide alone. */
  readonly chatModel?: ChatModel | undefined;
  readonly local: boolean;
  /** Where agents are found when it is not local; by the name of their Service unless given. */
  readonly endpoints?: EndpointOrigin | undefined;
  readonly namespace?: string | undefined;
  readonly onModelCall?: ClassifierFactoryOptions["onModelCall"];
  readonly limits: ClassifierFactoryOptions["limits"] & Pick<RuntimeLimits, "embeddingMs">;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Mirrors that fill while their parts run; disposing them ends what is built for turns. */
export interface Sources extends Disposable {
  readonly feed: RoutingFeed;
  readonly routings: RoutingTable;
  readonly rollouts: Rollouts;
  /** The model of vectors, and its successors where a service's changes. */
  readonly generations: Pick<IndexGenerations, "changes" | "preparing">;
  readonly endpoints: AgentEndpoints;
  /** Asks for one channel and waits until it is served; undefined where the source tells all of them by itself. */
  readonly fetchRouting:
    | ((identity: ChannelIdentity, options: { readonly signal: AbortSignal }) => Promise<FetchOutcome>)
    | undefined;
  /** True once everything that there was at the start is known. */
  readonly ready: boolean;
  /** Resolves when {@link Sources.ready} is true. */
  whenReady(options: { readonly signal: AbortSignal }): Promise<void>;
  /** What has to run, by name. */
  readonly parts: Readonly<Record<string, BackgroundPart>>;
}

/**
 * Sources that are empty before their parts run.
 *
 * @throws RuntimeError `InvalidRoutings` when there is no client where one is needed.
 */
export function createSources(options: SourceOptions): Sources {
  const { clock, random, logger } = options;
  const feed = createFeed(options);
  const stopping = new AbortController();
  const generations = createIndexGenerations(options);
  const routings = createRoutingTable({
    store: feed.routings,
    createClassifier: createClassifierFactory({ ...options, generations, signal: stopping.signal }),
    clock,
    random,
    logger,
  });
  const origin = options.local ? "local" : (options.endpoints ?? "service");
  const { client, namespace } = options;
  const source = createEndpointSource({ origin, client, namespace, clock, random, logger });
  return {
    feed,
    routings,
    rollouts: createRollouts(feed, logger),
    generations,
    endpoints: source.endpoints,
    fetchRouting: fetchAndServe(feed, routings),
    get ready() {
      return routings.ready && source.synced;
    },
    whenReady: async (call) => {
      await Promise.all([routings.whenReady(call), source.whenSynced(call)]);
    },
    parts: {
      feed: (call) => feed.run(call),
      routings: (call) => routings.run(call),
      endpoints: (call) => source.run(call),
      embedding: (call) => generations.run(call),
    },
    [Symbol.dispose]: () => stopping.abort(),
  };
}

function createFeed(options: SourceOptions): RoutingFeed {
  const { routings = { kind: "kubernetes" }, client, namespace, clock, random, logger } = options;
  const { grantsOver } = options;
  switch (routings.kind) {
    case "kubernetes":
      return createKubernetesFeed({
        ...{ client: needed(client), namespace, grantsOver, clock, random, logger },
      });
    case "operator":
      return createOperatorFeed({ url: routings.url, clock, random, logger });
    case "file":
      return createFileFeed({ path: routings.path, clock, logger });
    default:
      return routings satisfies never;
  }
}

function fetchAndServe(feed: RoutingFeed, routings: RoutingTable): Sources["fetchRouting"] {
  const { fetch } = feed;
  if (fetch === undefined) return undefined;
  return async (identity, options) => {
    const outcome = await fetch(identity, options);
    await routings.whenBuilt(identity, options);
    return outcome;
  };
}

function needed<T>(client: T | undefined): T {
  if (client !== undefined) return client;
  throw new RuntimeError(
    "InvalidRoutings",
    "there is no API server, no operator and no file of routings: name one",
  );
}
