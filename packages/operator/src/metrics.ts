/** What the operator counts beside what its client, reflectors and controllers count. No labels per object. */
import { type KubeObject, keyOf, keyText, type ObjectKey } from "@lmos/kube";
import type { Clock } from "@lmos/primitives";
import { Gauge, Histogram, type Registry } from "prom-client";
import type { Stores } from "./stores.ts";

/** The operator's own metrics. */
export interface Metrics {
  /** A resolution took so many seconds. */
  resolved(seconds: number): void;
  /** A source named the channel: its routing may have to change. */
  touched(channel: ObjectKey): void;
  /** The routing of the channel was written; what had touched the channel is answered. */
  routed(channel: KubeObject): void;
  /** The channel was reconciled to the end, whether its routing was written or not. */
  settled(channel: ObjectKey): void;
}

const resolveBuckets = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.01, 0.1, 1];
const convergenceBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Tells that the read API lets everybody read: 1, so that nobody overlooks it. */
export function registerInsecurity(registry: Registry, isOpen: boolean): void {
  new Gauge({
    name: "lmos_read_api_open",
    help: "Whether the read API asks nobody who they are (1) or asks for tokens (0)",
    registers: [registry],
  }).set(isOpen ? 1 : 0);
}

/** Registers the metrics. */
export function createMetrics({
  registry,
  stores,
  clock,
}: {
  readonly registry: Registry;
  readonly stores: Pick<Stores, "channels">;
  readonly clock: Clock;
}): Metrics {
  registerChannels(registry, stores);
  const registers = [registry];
  const resolutions = new Histogram({
    name: "lmos_resolve_duration_seconds",
    help: "Seconds that a resolution of one channel took",
    buckets: resolveBuckets,
    registers,
  });
  const convergence = new Histogram({
    name: "lmos_convergence_seconds",
    help: "Seconds from the first event that concerned a channel to its routing being written",
    buckets: convergenceBuckets,
    registers,
  });
  const touchedAtMs = new Map<string, number>();
  return {
    resolved: (seconds) => resolutions.observe(seconds),
    touched: (key) => {
      const text = keyText(key);
      if (!touchedAtMs.has(text)) touchedAtMs.set(text, clock.monotonic());
    },
    routed: (routing) => {
      const text = keyText(keyOf(routing)); // a routing is named like its Channel
      const sinceMs = touchedAtMs.get(text);
      if (sinceMs !== undefined) convergence.observe((clock.monotonic() - sinceMs) / 1_000);
      touchedAtMs.delete(text);
    },
    settled: (key) => void touchedAtMs.delete(keyText(key)),
  };
}

function registerChannels(registry: Registry, { channels }: Pick<Stores, "channels">): void {
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
