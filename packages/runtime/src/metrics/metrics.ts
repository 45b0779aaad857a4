/**
 * Prometheus metrics of the runtime. Labels are never an id and never a name that a client chooses: they are of closed
 * lists, or names that a routing has.
 */
import { Counter, Registry } from "prom-client";
import type { RefusalReason } from "../auth/identity.ts";
import type { TurnFailureCode } from "../turn/failure.ts";
import { addGauges, type Gauges } from "./gauges.ts";
import { type ModelMetrics, measureModelCalls } from "./model-metrics.ts";
import { addProcessMetrics } from "./process-metrics.ts";
import { measureTurns, type TurnMetrics } from "./turn-metrics.ts";

/** Counts requests that had to prove who is asking. */
export interface AccessMetrics {
  readonly authenticationEnded: (outcome: "authenticated" | RefusalReason) => void;
}

/** Counts turns that were not admitted. */
export interface AdmissionMetrics {
  readonly turnRefused: (reason: TurnFailureCode) => void;
}

/** The metrics and how they are read. */
export interface RuntimeMetrics extends TurnMetrics, AccessMetrics, AdmissionMetrics, ModelMetrics {
  /** Text in Prometheus' format, and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Metrics in a registry of their own, so that several runtimes in one process don't meet. */
export function createMetrics(gauges: Gauges): RuntimeMetrics {
  const registry = new Registry();
  addProcessMetrics(registry);
  addGauges(registry, gauges);
  return {
    ...measureTurns([registry]),
    ...countAuthentications([registry]),
    ...countRefusals([registry]),
    ...measureModelCalls([registry]),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function countAuthentications(registers: Registry[]): AccessMetrics {
  const authentications = new Counter({
    name: "lmos_authentications_total",
    help: "Requests that had to prove who is asking, by what came of it",
    labelNames: ["outcome"] as const,
    registers,
  });
  return { authenticationEnded: (outcome) => authentications.inc({ outcome }) };
}

function countRefusals(registers: Registry[]): AdmissionMetrics {
  const refusals = new Counter({
    name: "lmos_turns_refused_total",
    help: "Turns that were not admitted: a quota is used up, the server is at its limit, or it stops",
    labelNames: ["reason"] as const,
    registers,
  });
  return { turnRefused: (reason) => refusals.inc({ reason }) };
}
