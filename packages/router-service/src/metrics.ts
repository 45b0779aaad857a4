/** Prometheus metrics. Labels have few values: never a tenant, a channel or an id. */
import type { RoutingDecision, RoutingMode } from "@lmos/router";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What is counted. */
export interface RouterServiceMetrics {
  decided(outcome: {
    readonly mode: RoutingMode;
    readonly decision: RoutingDecision["decision"];
    readonly ms: number;
  }): void;
  /** Words decided, as there were no vectors. */
  fellBack(mode: RoutingMode): void;
  /** Text in Prometheus' format, and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const secondsBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Metrics in a registry of their own. */
export function createMetrics(gauges: { readonly classifiers: () => number }): RouterServiceMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const decisions = new Counter({
    name: "lmos_router_decisions_total",
    help: "Classified messages by mode and decision",
    labelNames: ["mode", "decision"] as const,
    registers,
  });
  const seconds = new Histogram({
    name: "lmos_router_decision_duration_seconds",
    help: "Time from a read request to its decision",
    labelNames: ["mode"] as const,
    buckets: secondsBuckets,
    registers,
  });
  const fallbacks = new Counter({
    name: "lmos_router_fallbacks_total",
    help: "Messages that words decided, as there were no vectors",
    labelNames: ["mode"] as const,
    registers,
  });
  new Gauge({
    name: "lmos_router_classifiers",
    help: "Classifiers that are held in memory",
    registers,
    collect() {
      this.set(gauges.classifiers());
    },
  });
  return {
    decided: ({ mode, decision, ms }) => {
      decisions.inc({ mode, decision });
      seconds.observe({ mode }, ms / 1000);
    },
    fellBack: (mode) => fallbacks.inc({ mode }),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
