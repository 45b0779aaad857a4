/**
 * The operator as a whole: mirrors what it needs of the cluster, serves the read API and its health, and runs its
 * controllers while it leads. Everything that it starts it stops, when its signal is aborted or when it is disposed.
 */
import { createEventRecorder, type KubeClient, trackOwnWrites } from "@lmos/kube";
import {
  type Clock,
  errorMessage,
  type IdSource,
  type Logger,
  type Random,
  whenAborted,
} from "@lmos/primitives";
import type { GrantsMode } from "@lmos/resources";
import type { Authenticate } from "./api/auth/caller.ts";
import { createTokenReview } from "./api/auth/token-review.ts";
import { livenessOf, readinessOf, type Vitals } from "./api/health.ts";
import { type ListenAddress, listen } from "./api/listen.ts";
import { addManagementRoutes, createManagementApi } from "./api/management.ts";
import { createReadApi } from "./api/read-api.ts";
import { createControllers } from "./controllers.ts";
import { createCapabilitiesReader } from "./discovery/capabilities-reader.ts";
import { watchEventLoop } from "./event-loop-lag.ts";
import { type LeaderElection, lead } from "./leadership/lead.ts";
import { createMetrics, registerInsecurity } from "./metrics.ts";
import { whenStarted } from "./started.ts";
import { createMirror, type Mirror } from "./stores.ts";
import { createTelemetry, type Telemetry } from "./telemetry.ts";

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
  /** The namespaces to work in; all unless given. */
  readonly namespaces?: readonly string[] | undefined;
  /** How much Tenants and CapabilityGrants count; not at all unless given. */
  readonly grants?: GrantsMode | undefined;
  /** How replicas agree on one that writes; without it this one writes at once. */
  readonly election?: LeaderElection | undefined;
  /** Where to count and trace; in a registry of its own unless given. */
  readonly telemetry?: Telemetry | undefined;
  /** Whose word the read API takes: that of tokens which the cluster knows, or everybody's (`none`, unless given). */
  readonly authentication?: "kubernetes" | "none" | undefined;
  /** Whom tokens have to be for, one of these; the API server itself unless given. Counts with `kubernetes` only. */
  readonly audiences?: readonly string[] | undefined;
  /** Called once, when everything has been mirrored for some seconds: what the start took is no longer needed. */
  readonly onSettled?: (() => void) | undefined;
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
  /**
   * Resolves when its work has ended in order. Rejects with OperatorError `LeadershipLost` when another replica leads
   * or may lead: dispose it, and begin anew in a new process.
   */
  readonly ended: Promise<void>;
}

const component = "lmos-control-plane";

/** Starts the operator; resolves when its ports are open. Throws OperatorError `ListenFailed`. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { clock, telemetry = createTelemetry() } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  await using started = new AsyncDisposableStack();
  const mirror = createMirror({
    ...options,
    namespaces: options.namespaces,
    grants: options.grants ?? "off",
    metrics: telemetry.metrics,
  });
  const lag = started.use(watchEventLoop(clock));
  const vitals = { ...vitalsOf(mirror), eventLoopLagMs: () => lag.p99Ms(), isStopping: () => signal.aborted };
  const addresses = await openDoors({ ...options, telemetry, signal }, mirror, { vitals, started });
  const { address, managementAddress = address } = addresses;
  options.logger.info("the operator listens", {
    host: address.host,
    port: address.port,
    managementPort: managementAddress.port,
  });
  const running = startParts({ ...options, telemetry, signal }, mirror, started);
  const ended = running.finally(() => stopping.abort()); // a replica that lost its lease is not ready any more
  ended.catch(() => undefined); // the caller may not care
  started.defer(async () => void (await Promise.allSettled([ended])));
  started.defer(() => stopping.abort());
  const owned = started.move();
  const stop = once(() => owned.disposeAsync());
  stopWith(options, stop);
  return { ...addresses, ended, [Symbol.asyncDispose]: stop };
}

function vitalsOf({ stores, reflectors }: Mirror): Pick<Vitals, "stores" | "silences"> {
  return { stores, silences: reflectors.map((reflector) => () => reflector.silentMs()) };
}

/** The read API, and health and metrics on a port of their own or beside it. */
async function openDoors(
  { telemetry, clock, logger, ...options }: OperatorOptions & { readonly telemetry: Telemetry },
  { stores }: Mirror,
  { vitals, started }: { readonly vitals: Vitals; readonly started: AsyncDisposableStack },
): Promise<Pick<Operator, "address" | "managementAddress">> {
  const health = {
    registry: telemetry.registry,
    liveness: () => livenessOf(vitals),
    readiness: () => readinessOf(vitals),
  };
  const authenticate = authenticationOf({ ...options, clock, logger });
  registerInsecurity(telemetry.registry, authenticate === undefined);
  const readApi = createReadApi({ stores, clock, logger, authenticate, signal: options.signal });
  started.defer(() => readApi.close());
  if (options.management === undefined) addManagementRoutes(readApi, health);
  const address = await listen(readApi, options.listen);
  const management = createManagementApi(health);
  started.defer(() => management.close());
  const managementAddress = options.management && (await listen(management, options.management));
  return { address, managementAddress };
}

function authenticationOf(
  options: Pick<OperatorOptions, "authentication" | "audiences" | "client" | "clock" | "logger" | "signal">,
): Authenticate | undefined {
  if (options.authentication === "kubernetes") return createTokenReview(options);
  options.logger.warn(
    "the read API asks nobody who they are: x-namespace and x-subset are believed (--auth=kubernetes ends that)",
  );
  return undefined;
}

/** Mirrors, and works while it leads; rejects when the leadership is lost. */
async function startParts(
  options: OperatorOptions & { readonly telemetry: Telemetry },
  { stores, reflectors }: Mirror,
  started: AsyncDisposableStack,
): Promise<void> {
  const { clock, telemetry, logger, signal } = options;
  const events = started.use(createEventRecorder({ ...options, component, instance: options.ids.next() }));
  const reader = started.use(createCapabilitiesReader({ clock, guard: options.local ? undefined : {} }));
  const metrics = createMetrics({ registry: telemetry.registry, stores, clock });
  const mirroring = reflectors.map((part) => runLogged(part, signal, logger));
  whenStarted(Object.values(stores), { clock, signal }).then(options.onSettled, () => undefined); // aborted before
  started.defer(async () => void (await Promise.all(mirroring)));
  const ownWrites = trackOwnWrites(options.client, { clock });
  const { client } = ownWrites;
  const election = { ...options, client, election: options.election, stores, metrics: telemetry.metrics };
  await lead(election, async (fenced, { signal: leading }) => {
    const writers = { client: fenced, events };
    const controllers = createControllers({
      ...options,
      grants: options.grants ?? "off",
      ...{ stores, writers, ownWrites, reader, metrics, telemetry },
    });
    await Promise.all(controllers.map((part) => runLogged(part, leading, logger)));
  });
}

/** Stops it when the caller's signal is aborted. */
function stopWith({ signal, logger }: OperatorOptions, stop: () => Promise<void>): void {
  whenAborted(signal)
    .then(stop)
    .catch((error: unknown) => logger.error("The operator did not stop cleanly", { error }));
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
