/**
 * The controllers, each with its sources. Discovery, agent and channel know nothing of each other: they meet in the objects.
 * Routings are brought about in the reconciles of their Channels and need no queue of their own; the statuses that those
 * decide are written by a controller of its own, in its own time.
 */
import {
  type Controller,
  type ControllerOptions,
  createController,
  type ObjectKey,
  type OwnWrites,
  type Requeue,
  type Source,
} from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { agentKind, channelKind, channelRoutingKind } from "@lmos/resources";
import { createAgentReconciler } from "./agent/reconciler.ts";
import { agentSources } from "./agent/sources.ts";
import type { Writers } from "./apply.ts";
import { breakerPolicy } from "./breaker-policy.ts";
import { createChannelReconciler } from "./channel/reconciler.ts";
import { channelSources } from "./channel/sources.ts";
import { WaitingStatuses } from "./channel/statuses.ts";
import type { CapabilitiesReader } from "./discovery/capabilities-reader.ts";
import { createReadings } from "./discovery/readings.ts";
import { createDiscoveryReconciler } from "./discovery/reconciler.ts";
import { discoverySources } from "./discovery/sources.ts";
import type { GrantsMode } from "./grants/mode.ts";
import type { Metrics } from "./metrics.ts";
import { Precedence } from "./precedence.ts";
import type { Reconcile } from "./reconcile.ts";
import type { Stores } from "./stores.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Workloads handled at once. Nearly all that one takes is waiting for its agent, for five seconds where that hangs: so many
 * may hang at the same time before they hold up the others.
 */
const discoveryConcurrency = 256;

/**
 * Channels handled at once: so many routings are asked for before a status is. With more, a server that can't keep up would
 * be sent what was decided too long ago. The client bounds how many requests the server sees at a time.
 */
const channelConcurrency = 128;

/** Statuses written at once, of Agents and of Channels: few, as routings should not wait for them. */
const statusConcurrency = { agents: 4, channels: 4 };

/** What the controllers are made of. */
export interface ControllersOptions {
  readonly stores: Stores;
  readonly writers: Writers;
  /** Of those writers: nothing is decided on stores that lack what was written for the same key. */
  readonly ownWrites: Pick<OwnWrites, "requeueIfBehind">;
  readonly reader: Pick<CapabilitiesReader, "read">;
  readonly metrics: Metrics;
  readonly telemetry: Telemetry;
  readonly local: boolean;
  /** How much Tenants and CapabilityGrants count. */
  readonly grants: GrantsMode;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The controllers; nothing happens before they run. */
export function createControllers(options: ControllersOptions): readonly Controller[] {
  const { stores, ownWrites, metrics, clock, random, logger, telemetry } = options;
  const agentBehind = (key: ObjectKey) => ownWrites.requeueIfBehind(agentKind, stores.agents, key);
  const statusBehind = (key: ObjectKey) => ownWrites.requeueIfBehind(channelKind, stores.channels, key);
  const channelBehind = (key: ObjectKey) =>
    statusBehind(key) ?? ownWrites.requeueIfBehind(channelRoutingKind, stores.routings, key);
  const readings = createReadings(options);
  const precedence = new Precedence(clock);
  const statuses = new WaitingStatuses(clock);
  const patient = { ...options.writers, client: patientClient(options.writers.client, precedence) };
  const control = (
    name: string,
    own: Pick<ControllerOptions, "sources" | "reconcile" | "concurrency">,
  ): Controller =>
    createController({
      ...own,
      name,
      synced: Object.values(stores),
      breaker: breakerPolicy,
      clock,
      random,
      logger,
      metrics: telemetry.metrics,
      tracer: telemetry.tracer,
    });
  return [
    control("discovery", {
      sources: discoverySources(stores),
      reconcile: onFreshStores(createDiscoveryReconciler({ ...options, readings }), agentBehind),
      concurrency: discoveryConcurrency,
    }),
    control("agent", {
      sources: agentSources(stores),
      reconcile: onFreshStores(createAgentReconciler({ ...options, writers: patient }), agentBehind),
      concurrency: statusConcurrency.agents,
    }),
    control("channel", {
      sources: channelSources(stores).map((source) => noting(source, metrics.touched)),
      reconcile: settling(
        onFreshStores(
          createChannelReconciler({
            ...{ ...options, statuses, onResolved: metrics.resolved },
            writers: measuring(options, precedence),
          }),
          channelBehind,
        ),
        metrics.settled,
      ),
      concurrency: channelConcurrency,
    }),
    control("channel-status", {
      sources: [statuses.source],
      reconcile: onFreshStores(
        statuses.writer({ ...stores, writers: options.writers, precedence }),
        statusBehind,
      ),
      concurrency: statusConcurrency.channels,
    }),
  ];
}

/** The same reconcile, put off while the stores lack what it wrote itself: one change costs the same writes each time. */
function onFreshStores(reconcile: Reconcile, behind: (key: ObjectKey) => Requeue | undefined): Reconcile {
  return async (key, options) => behind(key) ?? reconcile(key, options);
}

/** The same source, with each key that it names told to `note` first. */
function noting(source: Source, note: (key: ObjectKey) => void): Source {
  return {
    keys: source.keys,
    start: (enqueue) =>
      source.start((key, hint) => {
        note(key);
        enqueue(key, hint);
      }),
  };
}

/** The same reconcile, with each key that waits for nothing more told to `note`. */
function settling(reconcile: Reconcile, note: (key: ObjectKey) => void): Reconcile {
  return async (key, options) => {
    const requeue = await reconcile(key, options);
    if (requeue.kind === "onChange") note(key);
    return requeue;
  };
}

/** The same writers, with each routing that was written counted, and written before what can wait. */
function measuring(
  { writers, metrics }: Pick<ControllersOptions, "writers" | "metrics">,
  precedence: Precedence,
): Writers {
  return {
    ...writers,
    client: {
      delete: (type, key, options) => precedence.urgent(() => writers.client.delete(type, key, options)),
      apply: async (type, object, options) => {
        const written = await precedence.urgent(() => writers.client.apply(type, object, options));
        if (type.kind === "ChannelRouting") metrics.routed(object);
        return written;
      },
    },
  };
}

/** The same client, whose writes let urgent ones pass. */
function patientClient(client: Writers["client"], precedence: Precedence): Writers["client"] {
  return {
    delete: (type, key, options) => precedence.patient(() => client.delete(type, key, options), options),
    apply: (type, object, options) => precedence.patient(() => client.apply(type, object, options), options),
  };
}
