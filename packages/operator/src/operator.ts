/**
 * The operator as a whole: mirrors what it needs of the cluster, runs its controllers, serves the read API and its
 * health. Everything that it starts it stops, when its signal is aborted or when it is disposed.
 */
import { createEventRecorder, type KubeClient } from "@lmos/kube";
import {
  type Clock,
  errorMessage,
  type IdSource,
  type Logger,
  type Random,
  whenAborted,
} from "@lmos/primitives";
import { type ListenAddress, listen } from "./api/listen.ts";
import { addManagementRoutes, createManagementApi } from "./api/management.ts";
import { createReadApi } from "./api/read-api.ts";
import { createControllers } from "./controllers.ts";
import { createCapabilitiesReader } from "./discovery/capabilities-reader.ts";
import { createMetrics } from "./metrics.ts";
import { createMirror, type Stores } from "./stores.ts";

/** What the operator is made of. */
export interface OperatorOptions {
  /** Stays the caller's: it is not disposed. */
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Find agents' processes by the annotation `lmos.dev/local-endpoints` of their Service instead of by its DNS name. */
  readonly local: boolean;
  /** The one namespace to work in; all unless given. */
  readonly namespace?: string | undefined;
  /** Of the read API. */
  readonly listen: ListenAddress;
  /** Of health and metrics; beside the read API unless given. */
  readonly management?: ListenAddress | undefined;
  readonly signal: AbortSignal;
}

/** An operator that runs. Disposing it stops it and waits until it has stopped. */
export interface Operator extends AsyncDisposable {
  readonly address: ListenAddress;
  readonly managementAddress: ListenAddress | undefined;
}

const component = "lmos-control-plane";

/** Starts the operator; resolves when its ports are open. Throws OperatorError `ListenFailed`. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  await using started = new AsyncDisposableStack();
  const { stores, reflectors } = createMirror({ ...options, namespace: options.namespace });
  const metrics = createMetrics({ stores, clock: options.clock });
  const readApi = createReadApi({ stores, clock: options.clock });
  started.defer(() => readApi.close());
  const isReady = (): boolean => !signal.aborted && isSynced(stores);
  const health = { registry: metrics.registry, isReady };
  if (options.management === undefined) addManagementRoutes(readApi, health);
  const address = await listen(readApi, options.listen);
  const management = createManagementApi(health);
  started.defer(() => management.close());
  const managementAddress = options.management && (await listen(management, options.management));
  const events = started.use(createEventRecorder({ ...options, component, instance: options.ids.next() }));
  const reader = started.use(createCapabilitiesReader({ clock: options.clock }));
  const writers = { client: options.client, events };
  const controllers = createControllers({ ...options, stores, writers, reader, metrics });
  const runs = [...reflectors, ...controllers].map((part) => runLogged(part, signal, options.logger));
  started.defer(async () => void (await Promise.all(runs)));
  started.defer(() => stopping.abort());
  const owned = started.move();
  const stop = once(() => owned.disposeAsync());
  stopWith(options, stop);
  return { address, managementAddress, [Symbol.asyncDispose]: stop };
}

/** Stops it when the caller's signal is aborted. */
function stopWith({ signal, logger }: OperatorOptions, stop: () => Promise<void>): void {
  whenAborted(signal)
    .then(stop)
    .catch((error: unknown) => logger.error("The operator did not stop cleanly", { error }));
}

function isSynced(stores: Stores): boolean {
  return Object.values(stores).every(({ synced }: { readonly synced: boolean }) => synced);
}

/** These run until aborted; one that breaks is a fault of ours, and the others go on. */
async function runLogged(
  part: { run(options: { signal: AbortSignal }): Promise<void> },
  signal: AbortSignal,
  logger: Logger,
): Promise<void> {
  try {
    await part.run({ signal });
  } catch (error) {
    if (!signal.aborted) logger.error("A part of the operator broke", { error, reason: errorMessage(error) });
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work();
    return running;
  };
}
