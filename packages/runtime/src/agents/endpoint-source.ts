/** Where agents' endpoints come from, and the mirror that it needs. */
import { createReflector, type KubeClient } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { endpointSliceKind, serviceKind, serviceOfSlice } from "@lmos/resources";
import { type AgentEndpoints, createLocalEndpoints, serviceNameEndpoints } from "./endpoints.ts";
import { createSliceEndpoints, sliceIndex } from "./slice-endpoints.ts";

/**
 * How agents are found. `service`: by the name of their Service, whose proxy or mesh chooses a pod. `slices`: by the
 * ready pods behind it. `local`: by the annotation that a laptop's process node writes.
 */
export type EndpointOrigin = "service" | "slices" | "local";

/** What the source is made of. */
export interface EndpointSourceOptions {
  readonly origin: EndpointOrigin;
  /** Without one, agents are found by the name of their Service. */
  readonly client: Pick<KubeClient, "list" | "watch"> | undefined;
  readonly namespace?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** Endpoints that are known once {@link EndpointSource.synced} is true. */
export interface EndpointSource {
  readonly endpoints: AgentEndpoints;
  readonly synced: boolean;
  whenSynced(options: { readonly signal: AbortSignal }): Promise<void>;
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

/** A source that knows nothing before its `run`, unless names are all it needs. */
export function createEndpointSource({ origin, client, ...mirror }: EndpointSourceOptions): EndpointSource {
  if (origin === "service" || client === undefined) return byName;
  if (origin === "local") {
    const services = createReflector({ ...mirror, client, type: serviceKind });
    return mirrored(services, createLocalEndpoints(services.store));
  }
  const indexes = {
    [sliceIndex]: (slice: Parameters<typeof serviceOfSlice>[0]) => {
      const service = serviceOfSlice(slice);
      return service === undefined ? [] : [service];
    },
  };
  const slices = createReflector({ ...mirror, client, type: endpointSliceKind, indexes });
  return mirrored(slices, createSliceEndpoints(slices.store));
}

const byName: EndpointSource = {
  endpoints: serviceNameEndpoints,
  synced: true,
  whenSynced: async () => undefined,
  run: async () => undefined,
};

interface Mirror {
  readonly store: {
    readonly synced: boolean;
    whenSynced(options: { readonly signal: AbortSignal }): Promise<void>;
  };
  run(options: { readonly signal: AbortSignal }): Promise<void>;
}

function mirrored({ store, run }: Mirror, endpoints: AgentEndpoints): EndpointSource {
  return {
    endpoints,
    get synced() {
      return store.synced;
    },
    whenSynced: (options) => store.whenSynced(options),
    run,
  };
}
