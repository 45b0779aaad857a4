/** Prometheus metrics of the runtime. Labels have few values: never an id, never a name that a client chooses. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { AgentFault } from "./agents/agent-connection.ts";
import type { RefusalReason } from "./auth/identity.ts";
import type { TurnFailureCode } from "./turn/failure.ts";
import type { RoutingEvent } from "./turn/turn.ts";

/** How a turn ended. */
export interface EndedTurn {
  readonly outcome: "answered" | TurnFailureCode;
  readonly decision: RoutingEvent["decision"] | "undecided";
  readonly ms: number;
  readonly routingMs: number | undefined;
  readonly confidence: number | undefined;
}

/** How an agent's answer ended, second tries included. */
export interface EndedCall {
  readonly outcome: "completed" | "timedOut" | "cancelled" | AgentFault["kind"];
  readonly ms: number;
}

/** Counts requests that had to prove who is asking. */
export interface AccessMetrics {
  readonly authenticationEnded: (outcome: "authenticated" | RefusalReason) => void;
}

/** Counts turns and calls. */
export interface TurnMetrics {
  turnEnded(turn: EndedTurn): void;
  callEnded(call: EndedCall): void;
}

/** The metrics and how they are read. */
export interface RuntimeMetrics extends TurnMetrics, AccessMetrics {
  /** Text in Prometheus' format, and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What is measured when somebody asks. */
export interface Gauges {
  readonly activeTurns: () => number;
  /** Turns that wait for a place. */
  readonly waitingTurns: () => number;
  /** Turns that may run at once. */
  readonly turnLimit: () => number;
  readonly routings: () => number;
  /** Milliseconds since their source last said that the routings are so. */
  readonly routingsAgeMs: () => number;
  /** Changes of routings that were refused: older, empty by accident, unreadable. */
  readonly refusedRoutings: () => number;
  readonly conversations: () => number;
  /** Sockets to agents that wait for a turn. */
  readonly idleSockets: () => number;
  /** Endpoints whose breaker is open. */
  readonly restingEndpoints: () => number;
  /** Whether conversations and memories can be kept. */
  readonly stateUp: () => boolean;
  /** Uses of what keeps them that failed, by what was wanted. */
  readonly stateFailures: () => Readonly<Record<string, number>>;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Metrics in a registry of their own, so that several runtimes in one process don't meet. */
export function createMetrics(gauges: Gauges): RuntimeMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const turns = new Counter({
    name: "lmos_turns_total",
    help: "Turns by how they ended and how they were routed",
    labelNames: ["outcome", "decision"] as const,
    registers,
  });
  const seconds = new Histogram({
    name: "lmos_turn_duration_seconds",
    help: "Time from an accepted turn to its end",
    labelNames: ["decision"] as const,
    buckets: secondsBuckets,
    registers,
  });
  const routingSeconds = new Histogram({
    name: "lmos_routing_duration_seconds",
    help: "Time of a routing decision",
    buckets: [0.0001, 0.00025, 0.0005, ...secondsBuckets],
    registers,
  });
  const calls = new Histogram({
    name: "lmos_agent_call_duration_seconds",
    help: "Time of an agent's answer by how it ended",
    labelNames: ["outcome"] as const,
    buckets: secondsBuckets,
    registers,
  });
  const confidences = new Histogram({
    name: "lmos_routing_confidence",
    help: "Confidence of routing decisions",
    labelNames: ["decision"] as const,
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99],
    registers,
  });
  const authentications = new Counter({
    name: "lmos_authentications_total",
    help: "Requests that had to prove who is asking, by what came of it",
    labelNames: ["outcome"] as const,
    registers,
  });
  addGauge(registry, "lmos_turns_active", "Turns that run now", gauges.activeTurns);
  addGauge(registry, "lmos_turns_waiting", "Turns that wait for a place", gauges.waitingTurns);
  addGauge(registry, "lmos_turns_limit", "Turns that may run at once", gauges.turnLimit);
  addGauge(registry, "lmos_agent_sockets_idle", "Sockets that wait for a turn", gauges.idleSockets);
  addGauge(registry, "lmos_agent_endpoints_resting", "Endpoints that rest", gauges.restingEndpoints);
  addGauge(registry, "lmos_routings", "Channels that are served", gauges.routings);
  const ageSeconds = (): number => gauges.routingsAgeMs() / 1000;
  addGauge(registry, "lmos_routings_age_seconds", "Time since routings were last confirmed", ageSeconds);
  addGauge(
    registry,
    "lmos_routings_refused",
    "Changes of routings that were refused",
    gauges.refusedRoutings,
  );
  addGauge(registry, "lmos_state_up", "Whether conversations and memories can be kept", () =>
    gauges.stateUp() ? 1 : 0,
  );
  addStateFailures(registry, gauges.stateFailures);
  addGauge(registry, "lmos_conversations", "Conversations that are remembered", gauges.conversations);
  return {
    callEnded: ({ outcome, ms }) => calls.observe({ outcome }, ms / 1000),
    turnEnded: ({ outcome, decision, ms, routingMs, confidence }) => {
      turns.inc({ outcome, decision });
      seconds.observe({ decision }, ms / 1000);
      if (routingMs !== undefined) routingSeconds.observe(routingMs / 1000);
      if (confidence !== undefined && decision !== "explicit") confidences.observe({ decision }, confidence);
    },
    authenticationEnded: (outcome) => authentications.inc({ outcome }),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function addGauge(registry: Registry, name: string, help: string, value: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(value());
    },
  });
}

function addStateFailures(registry: Registry, failures: Gauges["stateFailures"]): void {
  new Counter({
    name: "lmos_state_failures_total",
    help: "Conversations and memories that could not be read, written or erased",
    labelNames: ["operation"] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const [operation, count] of Object.entries(failures())) this.inc({ operation }, count);
    },
  });
}
