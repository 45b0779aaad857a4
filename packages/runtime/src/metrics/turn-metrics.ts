/** What is measured of turns and of the calls that they make: how many, how they ended, how long they took. */
import type { ChannelIdentity } from "@lmos/resources";
import { Counter, Histogram, type Registry } from "prom-client";
import type { AgentFault } from "../agents/agent-connection.ts";
import type { TurnFailureCode } from "../turn/failure.ts";
import type { RoutingEvent } from "../turn/turn.ts";
import { NamedCounts } from "./named-counts.ts";

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

/** Counts turns and calls. */
export interface TurnMetrics {
  turnEnded(turn: EndedTurn): void;
  callEnded(call: EndedCall): void;
  /** Notes that an agent did not send, as they were read too slowly. */
  notesDropped(count: number): void;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Registers them all. */
export function measureTurns(registers: Registry[]): TurnMetrics {
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
