/** Where the operator counts and traces. Made before the client of the API server, which counts its requests there too. */
import { createKubeMetrics, type KubeMetrics } from "@lmos/kube";
import type { Tracer } from "@opentelemetry/api";
import { collectDefaultMetrics, Registry } from "prom-client";

/** One registry for all that a process counts, and the tracer of its spans. */
export interface Telemetry {
  /** For `/metrics`. */
  readonly registry: Registry;
  /** Requests, reconciles, queues, watches and leaderships, registered there. */
  readonly metrics: KubeMetrics;
  /** Makes a span for each reconcile and each read of an agent. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Telemetry with a registry of its own; names that are not controller-runtime's begin with `lmos_`. With `ofProcess`
 * memory, garbage collection and the event loop are counted too: once a process, as nothing ends that.
 */
export function createTelemetry(
  options: { readonly tracer?: Tracer | undefined; readonly ofProcess?: boolean | undefined } = {},
): Telemetry {
  const registry = new Registry();
  if (options.ofProcess === true) collectDefaultMetrics({ register: registry });
  return {
    registry,
    metrics: createKubeMetrics(registry, { prefix: "lmos_" }),
    tracer: options.tracer,
  };
}
