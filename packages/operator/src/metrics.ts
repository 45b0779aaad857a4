/** What the operator counts, under the names of controller-runtime where it has them. No labels per object. */
import type { Clock } from "@lmos/primitives";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Reconcile } from "./reconcile.ts";
import type { Stores } from "./stores.ts";

/** The operator's metrics. */
export interface Metrics {
  /** For `/metrics`. */
  readonly registry: Registry;
  /** The same reconcile, counted and timed under the name of its controller. */
  measure(controller: string, reconcile: Reconcile): Reconcile;
}

/** Metrics in a registry of their own. */
export function createMetrics({
  stores,
  clock,
}: {
  readonly stores: Stores;
  readonly clock: Clock;
}): Metrics {
  const registry = new Registry();
  registerChannels(registry, stores);
  return { registry, measure: reconcileMeter(registry, clock) };
}

function reconcileMeter(registry: Registry, clock: Clock): Metrics["measure"] {
  const total = new Counter({
    name: "controller_runtime_reconcile_total",
    help: "Reconciles by controller and result",
    labelNames: ["controller", "result"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "Seconds that a reconcile took, by controller",
    labelNames: ["controller"],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers: [registry],
  });
  return (controller, reconcile) => async (key, options) => {
    const startedAt = clock.monotonic();
    try {
      const requeue = await reconcile(key, options);
      total.inc({ controller, result: requeue.kind === "after" ? "requeue_after" : "success" });
      return requeue;
    } catch (error) {
      total.inc({ controller, result: "error" });
      throw error;
    } finally {
      seconds.observe({ controller }, (clock.monotonic() - startedAt) / 1000);
    }
  };
}

function registerChannels(registry: Registry, { channels }: Stores): void {
  new Gauge({
    name: "lmos_channels",
    help: "Channels by resolve status",
    labelNames: ["status"],
    registers: [registry],
    collect() {
      const all = channels.list();
      const resolved = all.filter(({ status }) => status?.resolveStatus === "RESOLVED").length;
      this.set({ status: "resolved" }, resolved);
      this.set({ status: "unresolved" }, all.length - resolved);
    },
  });
}
