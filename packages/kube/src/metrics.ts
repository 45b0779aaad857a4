/**
 * What this package counts, in a registry that the caller owns, under the names of controller-runtime where it has
 * them, so that dashboards made for it work. No label names an object: series must not grow with the cluster.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { createQueueMetrics, type QueueMetrics } from "./queue-metrics.ts";

/** How a reconcile ended. */
export type ReconcileResult = "success" | "requeue_after" | "error";

/** The places where something is counted. Made once for each registry and given to everything that counts into it. */
export interface KubeMetrics {
  /** An HTTP request was answered with that status, or `<error>` where there was no answer. */
  requested(method: string, code: string): void;
  /** A reconcile of that controller began. The function returned is called when it has ended. */
  reconciling(controller: string): (result: ReconcileResult, seconds: number) => void;
  /** So many keys of that controller are quarantined by their breaker. */
  quarantined(controller: string, keys: number): void;
  /** The meters of one work queue. */
  queue(name: string): QueueMetrics;
  /** A watch ended and is opened again: `ended` in order, or the code of the failure. */
  watchRestarted(reason: string): void;
  /** A reflector of that resource runs; the function returned is called when it no longer does. */
  watching(resource: string, silentMs: () => number): () => void;
  /** This process has begun or ceased to be the leader of that lease. */
  leading(lease: string, isLeader: boolean): void;
}

const reconcileBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Registers the metrics; throws when the registry has one of their names already. `prefix` goes before the names that
 * controller-runtime and client-go do not have.
 */
export function createKubeMetrics(
  registry: Registry,
  { prefix = "" }: { readonly prefix?: string | undefined } = {},
): KubeMetrics {
  const requests = counter(registry, "rest_client_requests_total", ["code", "method"], {
    help: "HTTP requests to the API server by status code and method",
  });
  const restarts = counter(registry, `${prefix}watch_restarts_total`, ["reason"], {
    help: "Watches that ended and were opened again, by reason",
  });
  const leader = new Gauge({
    name: "leader_election_master_status",
    help: "Whether this process is the leader of a lease (1) or not (0)",
    labelNames: ["name"],
    registers: [registry],
  });
  return {
    requested: (method, code) => requests.inc({ method, code }),
    watchRestarted: (reason) => restarts.inc({ reason }),
    leading: (name, isLeader) => leader.set({ name }, isLeader ? 1 : 0),
    queue: createQueueMetrics(registry),
    watching: watchAges(registry, prefix),
    ...reconcileMeters(registry, prefix),
  };
}

function reconcileMeters(
  registry: Registry,
  prefix: string,
): Pick<KubeMetrics, "reconciling" | "quarantined"> {
  const total = counter(registry, "controller_runtime_reconcile_total", ["controller", "result"], {
    help: "Reconciles by controller and result",
  });
  const time = new Histogram({
    name: "controller_runtime_reconcile_time_seconds",
    help: "Seconds that a reconcile took, by controller",
    labelNames: ["controller"],
    buckets: reconcileBuckets,
    registers: [registry],
  });
  const active = controllerGauge(
    registry,
    "controller_runtime_active_workers",
    "Reconciles that are running",
  );
  const broken = controllerGauge(
    registry,
    `${prefix}controller_quarantined_keys`,
    "Keys whose breaker is open",
  );
  return {
    reconciling: (controller) => {
      active.inc({ controller });
      return (result, seconds) => {
        active.dec({ controller });
        total.inc({ controller, result });
        time.observe({ controller }, seconds);
      };
    },
    quarantined: (controller, keys) => broken.set({ controller }, keys),
  };
}

/** The age of the stalest of all reflectors of a resource. */
function watchAges(registry: Registry, prefix: string): KubeMetrics["watching"] {
  const watched = new Set<{ readonly resource: string; readonly silentMs: () => number }>();
  new Gauge({
    name: `${prefix}watch_last_event_age_seconds`,
    help: "Seconds since the API server was last heard of, by resource",
    labelNames: ["resource"],
    registers: [registry],
    collect() {
      this.reset();
      const ages = new Map<string, number>();
      for (const { resource, silentMs } of watched) {
        ages.set(resource, Math.max(ages.get(resource) ?? 0, silentMs() / 1_000));
      }
      for (const [resource, age] of ages) this.set({ resource }, age);
    },
  });
  return (resource, silentMs) => {
    const entry = { resource, silentMs };
    watched.add(entry);
    return () => {
      watched.delete(entry);
    };
  };
}

function counter<Label extends string>(
  registry: Registry,
  name: string,
  labelNames: readonly Label[],
  { help }: { readonly help: string },
): Counter<Label> {
  return new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
}

function controllerGauge(registry: Registry, name: string, help: string): Gauge<"controller"> {
  return new Gauge({
    name,
    help: `${help}, by controller`,
    labelNames: ["controller"],
    registers: [registry],
  });
}
