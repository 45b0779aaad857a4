/** Where routings, and on a laptop the agents' endpoints, come from: mirrors of the API server. */
import type { EmbeddingModel } from "@lmos/embeddings";
import { createReflector, type KubeClient, type Reflector } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import {
  channelIdentityOf,
  channelKind,
  channelRoutingKind,
  type Service,
  serviceKind,
} from "@lmos/resources";
import {
  buildRouterIndex,
  createEmbeddingCache,
  createVectorClassifier,
  type RoutableAgent,
} from "@lmos/router";
import { type AgentEndpoints, createLocalEndpoints, serviceNameEndpoints } from "../agents/endpoints.ts";
import { type ChannelCatalogue, createChannelCatalogue } from "./channel-catalogue.ts";
import { createRoutingTable, identityIndex, type RoutingTable } from "./routing-table.ts";
import { identityText, type RoutedAgent } from "./snapshot.ts";

/** Vectors kept for rebuilds, 1 KB each with the built-in model. */
const maxCachedVectors = 20_000;

/** What the sources are made of. */
export interface SourceOptions {
  readonly client: Pick<KubeClient, "list" | "watch">;
  readonly embedding: EmbeddingModel;
  readonly local: boolean;
  readonly namespace?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Mirrors that fill while `run` runs. */
export interface Sources {
  readonly routings: RoutingTable;
  readonly endpoints: AgentEndpoints;
  readonly catalogue: ChannelCatalogue;
  /** True once everything that there was at the start is known. */
  readonly ready: boolean;
  /** Resolves when {@link Sources.ready} is true. */
  whenReady(options: { readonly signal: AbortSignal }): Promise<void>;
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/** Sources that are empty before their `run`. */
export function createSources(options: SourceOptions): Sources {
  const { client, namespace, clock, random, logger } = options;
  const mirror = { client, namespace, clock, random, logger };
  const reflector = createReflector({
    ...mirror,
    type: channelRoutingKind,
    indexes: { [identityIndex]: (routing) => [identityText(channelIdentityOf(routing))] },
  });
  const routings = createRoutingTable({
    store: reflector.store,
    createClassifier: classifierFactory(options),
    clock,
    random,
    logger,
  });
  const channels = createReflector({
    ...mirror,
    type: channelKind,
    indexes: { [identityIndex]: (channel) => [identityText(channelIdentityOf(channel))] },
  });
  const services = options.local ? createReflector({ ...mirror, type: serviceKind }) : undefined;
  return {
    routings,
    endpoints: services === undefined ? serviceNameEndpoints : createLocalEndpoints(services.store),
    catalogue: createChannelCatalogue({ channels: channels.store, routings: reflector.store }),
    get ready() {
      return routings.ready && isSynced(services);
    },
    whenReady: async (call) => {
      await Promise.all([routings.whenReady(call), services?.store.whenSynced(call)]);
    },
    run: async ({ signal }) => {
      const mirrors = [reflector, channels, ...(services === undefined ? [] : [services])];
      await Promise.all([routings.run({ signal }), ...mirrors.map((each) => each.run({ signal }))]);
    },
  };
}

/** Vectors of a text are computed once, however often the routings that hold it change. */
function classifierFactory({
  embedding,
}: SourceOptions): Parameters<typeof createRoutingTable>[0]["createClassifier"] {
  const cache = createEmbeddingCache({ maxEntries: maxCachedVectors });
  return async (agents, { signal }) => {
    const index = await buildRouterIndex(agents.map(toRoutable), { embedding, cache, signal });
    return createVectorClassifier({ index, embedding });
  };
}

/** Routings of the Kotlin operator may give capabilities no id: then the name tells them apart. */
function toRoutable(agent: RoutedAgent): RoutableAgent {
  const capabilities = agent.capabilities.map((capability) => ({
    ...capability,
    id: capability.id || capability.name,
  }));
  return { ...agent, capabilities };
}

function isSynced(reflector: Reflector<Service> | undefined): boolean {
  return reflector === undefined || reflector.store.synced;
}
