/** The meters of work queues, as client-go names them. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** The meters of one queue. */
export interface QueueMetrics {
  depth(keys: number): void;
  added(): void;
  retried(): void;
  /** A key was taken that had been due for so many seconds. */
  waited(seconds: number): void;
  /** A key was worked on for so many seconds. */
  worked(seconds: number): void;
}

const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];
const labelNames = ["name"] as const;

/** Registers the meters; the function returned gives those of the queue of that name. */
export function createQueueMetrics(registry: Registry): (name: string) => QueueMetrics {
  const registers = [registry];
  const depth = new Gauge({ name: "workqueue_depth", help: "Keys that are due", labelNames, registers });
  const adds = new Counter({ name: "workqueue_adds_total", help: "Keys added", labelNames, registers });
  const retries = new Counter({
    name: "workqueue_retries_total",
    help: "Keys retried",
    labelNames,
    registers,
  });
  const seconds = (name: string, help: string): Histogram<"name"> =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const waits = seconds("workqueue_queue_duration_seconds", "Seconds between due and taken");
  const works = seconds("workqueue_work_duration_seconds", "Seconds of work on a key");
  return (name) => ({
    depth: (keys) => depth.set({ name }, keys),
    added: () => adds.inc({ name }),
    retried: () => retries.inc({ name }),
    waited: (waited) => waits.observe({ name }, waited),
    worked: (worked) => works.observe({ name }, worked),
  });
}
