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
import { agentKind, channelKind, channelRoutingKind, type GrantsMode } from "@lmos/resources";
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

/** What several of them share. */
interface Shared extends ControllersOptions {
  readonly precedence: Precedence;
  readonly statuses: WaitingStatuses;
  /** Of what tells people: routings go first. */
  readonly patientWriters: Writers;
}

/** The controllers; nothing happens before they run. */
export function createControllers(options: ControllersOptions): readonly Controller[] {
  const precedence = new Precedence(options.clock);
  const shared: Shared = {
    ...options,
    precedence,
    statuses: new WaitingStatuses(options.clock),
    patientWriters: { ...options.writers, client: patientClient(options.writers.client, precedence) },
  };
  return [discovery(shared), agent(shared), channel(shared), channelStatus(shared)];
}

function discovery(shared: Shared): Controller {
  const reconcile = createDiscoveryReconciler({ ...shared, readings: createReadings(shared) });
  return control("discovery", shared, {
    sources: discoverySources(shared.stores),
    reconcile: onFreshStores(reconcile, agentBehind(shared)),
    concurrency: discoveryConcurrency,
  });
}

function agent(shared: Shared): Controller {
  const reconcile = createAgentReconciler({ ...shared, writers: shared.patientWriters });
  return control("agent", shared, {
    sources: agentSources(shared.stores),
    reconcile: onFreshStores(reconcile, agentBehind(shared)),
    concurrency: statusConcurrency.agents,
  });
}

function channel(shared: Shared): Controller {
  const { stores, metrics } = shared;
  const reconcile = createChannelReconciler({
    ...{ ...shared, onResolved: metrics.resolved },
    writers: measuring(shared),
  });
  return control("channel", shared, {
    sources: channelSources(stores).map((source) => noting(source, metrics.touched)),
    reconcile: settling(onFreshStores(reconcile, channelBehind(shared)), metrics.settled),
    concurrency: channelConcurrency,
  });
}

function channelStatus(shared: Shared): Controller {
  const { stores, statuses, writers, precedence } = shared;
  return control("channel-status", shared, {
    sources: [statuses.source],
    reconcile: onFreshStores(statuses.writer({ ...stores, writers, precedence }), statusBehind(shared)),
    concurrency: statusConcurrency.channels,
  });
}

/** A controller of that name, with what all of them have in common. */
function control(
  name: string,
  { stores, clock, random, logger, telemetry }: ControllersOptions,
  own: Pick<ControllerOptions, "sources" | "reconcile" | "concurrency">,
): Controller {
  const { metrics, tracer } = telemetry;
  const synced = Object.values(stores);
  return createController({
    ...own,
    ...{ name, synced, breaker: breakerPolicy, clock, random, logger, metrics, tracer },
  });
}

/** What a reconcile returns instead of deciding, where the stores lack what was written for that key. */
type Behind = (key: ObjectKey) => Requeue | undefined;

function agentBehind({ ownWrites, stores }: ControllersOptions): Behind {
  return (key) => ownWrites.requeueIfBehind(agentKind, stores.agents, key);
}

function statusBehind({ ownWrites, stores }: ControllersOptions): Behind {
  return (key) => ownWrites.requeueIfBehind(channelKind, stores.channels, key);
}

function channelBehind(options: ControllersOptions): Behind {
  const { ownWrites, stores } = options;
  const status = statusBehind(options);
  return (key) => status(key) ?? ownWrites.requeueIfBehind(channelRoutingKind, stores.routings, key);
}

/** The same reconcile, put off while the stores lack what it wrote itself: one change costs the same writes each time. */
function onFreshStores(reconcile: Reconcile, behind: Behind): Reconcile {
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
function measuring({ writers, metrics, precedence }: Shared): Writers {
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
