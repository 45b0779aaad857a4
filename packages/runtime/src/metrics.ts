/**
 * Prometheus metrics of the runtime. Labels are never an id and never a name that a client chooses: they are of closed
 * lists, or names that a routing has.
 */
import type { ChannelIdentity } from "@lmos/resources";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import type { AgentFault } from "./agents/agent-connection.ts";
import type { RefusalReason } from "./auth/identity.ts";

import { addGauges, type Gauges } from "./gauges.ts";
import { NamedCounts } from "./named-counts.ts";
import type { TurnFailureCode } from "./turn/failure.ts";
import type { RoutingEvent } from "./turn/turn.ts";

/** How a turn ended. */
export interface EndedTurn {
  /** Whose routing it followed; undefined where there is none. */
  readonly channel: ChannelIdentity | undefined;
  readonly outcome: "answered" | TurnFailureCode;
  readonly decision: RoutingEvent["decision"] | "undecided";
  readonly ms: number;
  readonly routingMs: number | undefined;
  readonly confidence: number | undefined;
}

/** How an agent's answer ended, second tries included. */
export interface EndedCall {
  /** In whose routing the agent was found. */
  readonly channel: ChannelIdentity;
  readonly agent: string;
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
  /** Notes that an agent did not send, as they were read too slowly. */
  notesDropped(count: number): void;
}

/** Counts turns that were not admitted. */
export interface AdmissionMetrics {
  readonly turnRefused: (reason: TurnFailureCode) => void;
}

/** The metrics and how they are read. */
export interface RuntimeMetrics extends TurnMetrics, AccessMetrics, AdmissionMetrics {
  /** Text in Prometheus' format, and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Metrics in a registry of their own, so that several runtimes in one process don't meet. */
export function createMetrics(gauges: Gauges): RuntimeMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addGauges(registry, gauges);
  return {
    ...measureTurns([registry]),
    ...countAuthentications([registry]),
    ...countRefusals([registry]),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function measureTurns(registers: Registry[]): TurnMetrics {
  const droppedNotes = new Counter({
    name: "lmos_notes_dropped_total",
    help: "Notes of agents that were not sent, as they were read too slowly",
    registers,
  });
  const measures = [countTurns(registers), countChannelTurns(registers), measureRoutings(registers)];
  const callMeasures = [timeCalls(registers), countCalls(registers)];
  return {
    notesDropped: (count) => droppedNotes.inc(count),
    callEnded: (call) => {
      for (const measure of callMeasures) measure(call);
    },
    turnEnded: (turn) => {
      for (const measure of measures) measure(turn);
    },
  };
}

function countTurns(registers: Registry[]): (turn: EndedTurn) => void {
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
  return ({ outcome, decision, ms }) => {
    turns.inc({ outcome, decision });
    seconds.observe({ decision }, ms / 1000);
  };
}

function countChannelTurns(registers: Registry[]): (turn: EndedTurn) => void {
  const turns = new NamedCounts(registers, {
    name: "lmos_channel_turns_total",
    help: "Turns of a channel by how they ended and how they were routed",
    labelNames: ["tenant", "channel", "subset", "outcome", "decision"],
  });
  return ({ channel, outcome, decision }) => {
    if (channel !== undefined) turns.add({ ...channel, outcome, decision });
  };
}

function timeCalls(registers: Registry[]): (call: EndedCall) => void {
  const seconds = new Histogram({
    name: "lmos_agent_call_duration_seconds",
    help: "Time of an agent's answer by how it ended",
    labelNames: ["outcome"] as const,
    buckets: secondsBuckets,
    registers,
  });
  return ({ outcome, ms }) => seconds.observe({ outcome }, ms / 1000);
}

function countCalls(registers: Registry[]): (call: EndedCall) => void {
  const labelNames = ["tenant", "channel", "subset", "agent", "outcome"] as const;
  const calls = new NamedCounts(registers, {
    name: "lmos_agent_calls_total",
    help: "Answers of an agent by how they ended",
    labelNames,
  });
  const seconds = new NamedCounts(registers, {
    name: "lmos_agent_call_seconds_total",
    help: "Time that an agent's answers took together",
    labelNames,
  });
  return ({ channel, agent, outcome, ms }) => {
    const labels = { ...channel, agent, outcome };
    calls.add(labels);
    seconds.add(labels, ms / 1000);
  };
}

function measureRoutings(registers: Registry[]): (turn: EndedTurn) => void {
  const seconds = new Histogram({
    name: "lmos_routing_duration_seconds",
    help: "Time of a routing decision",
    buckets: [0.0001, 0.00025, 0.0005, ...secondsBuckets],
    registers,
  });
  const confidences = new Histogram({
    name: "lmos_routing_confidence",
    help: "Confidence of routing decisions",
    labelNames: ["decision"] as const,
    buckets: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99],
    registers,
  });
  return ({ decision, routingMs, confidence }) => {
    if (routingMs !== undefined) seconds.observe(routingMs / 1000);
    if (confidence !== undefined && decision !== "explicit") confidences.observe({ decision }, confidence);
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
