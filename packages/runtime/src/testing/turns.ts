/** Builders of turns. */
import type { RoutingEvent, Turn, TurnEvent } from "../turn/turn.ts";

/** A turn of one message, "hello", unless told otherwise. */
export function turnOf(overrides: Partial<Turn> = {}): Turn {
  return {
    tenant: "acme",
    channel: "web",
    subset: undefined,
    conversationId: "c1",
    turnId: "t1",
    messages: [{ role: "user", content: "hello", format: "text" }],
    explicitAgent: undefined,
    anonymizationEntities: undefined,
    contextParams: [],
    userId: "u1",
    profile: [],
    streaming: false,
    history: "client",
    correlation: { correlationId: "x1", traceparent: undefined },
    ...overrides,
  };
}

/** A message that the vectors gave to an agent, unless told otherwise. */
export function routingEventOf(overrides: Partial<RoutingEvent> = {}): RoutingEvent {
  return {
    kind: "routing",
    decision: "accept",
    stage: "vector",
    agent: "billing-agent",
    capability: "view-invoice",
    confidence: 0.91234,
    choices: [],
    parts: [],
    alternatives: [{ agent: "a", capability: "c", confidence: 0.5 }],
    snapshot: "0123456789ab",
    ms: 1,
    ...overrides,
  };
}

/** All that an iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The kinds of events, `error` with its code. */
export function kindsOf(events: readonly TurnEvent[]): readonly string[] {
  return events.map((event) => (event.kind === "error" ? `error ${event.failure.code}` : event.kind));
}
