/** The three controllers, each with its sources. They know nothing of each other: they meet in the objects. */
import { type Controller, type ControllerOptions, createController } from "@lmos/kube";
import type { Clock, Logger, Random } from "@lmos/primitives";
import { createAgentReconciler } from "./agent/reconciler.ts";
import { agentSources } from "./agent/sources.ts";
import type { Writers } from "./apply.ts";
import { createChannelReconciler } from "./channel/reconciler.ts";
import { channelSources } from "./channel/sources.ts";
import type { CapabilitiesReader } from "./discovery/capabilities-reader.ts";
import { createReadings } from "./discovery/readings.ts";
import { createDiscoveryReconciler } from "./discovery/reconciler.ts";
import { discoverySources } from "./discovery/sources.ts";
import type { Metrics } from "./metrics.ts";
import type { Stores } from "./stores.ts";

/** Deployments handled at once: agents that hang must not hold up the others. */
const discoveryConcurrency = 32;

/** What the controllers are made of. */
export interface ControllersOptions {
  readonly stores: Stores;
  readonly writers: Writers;
  readonly reader: Pick<CapabilitiesReader, "read">;
  readonly metrics: Metrics;
  readonly local: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The controllers; nothing happens before they run. */
export function createControllers(options: ControllersOptions): readonly Controller[] {
  const { stores, metrics, clock, random, logger } = options;
  const readings = createReadings(options);
  const control = (
    name: string,
    own: Pick<ControllerOptions, "sources" | "reconcile" | "concurrency">,
  ): Controller =>
    createController({
      ...own,
      name,
      reconcile: metrics.measure(name, own.reconcile),
      synced: Object.values(stores),
      clock,
      random,
      logger: logger.child({ controller: name }),
    });
  return [
    control("discovery", {
      sources: discoverySources(stores),
      reconcile: createDiscoveryReconciler({ ...options, readings }),
      concurrency: discoveryConcurrency,
    }),
    control("agent", { sources: agentSources(stores), reconcile: createAgentReconciler(options) }),
    control("channel", { sources: channelSources(stores), reconcile: createChannelReconciler(options) }),
  ];
}
