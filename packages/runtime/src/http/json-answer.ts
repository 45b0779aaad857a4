/** A turn as one JSON document: reads its events to the end and keeps what the Kotlin runtime answered with. */
import type { Alternative } from "@lmos/router";
import type { TurnFailure } from "../turn/failure.ts";
import type { MessageEvent, RoutingEvent, TurnEvent } from "../turn/turn.ts";

/** What became of a turn. */
export type TurnAnswer =
  | { readonly kind: "answered"; readonly message: MessageEvent; readonly routing: RoutingEvent | undefined }
  | { readonly kind: "failed"; readonly failure: TurnFailure; readonly routing: RoutingEvent | undefined };

/** Reads a turn to its end. */
export async function collectAnswer(events: AsyncIterable<TurnEvent>): Promise<TurnAnswer> {
  let routing: RoutingEvent | undefined;
  let message: MessageEvent | undefined;
  for await (const event of events) {
    if (event.kind === "routing") routing = event;
    if (event.kind === "message") message = event;
    if (event.kind === "error") return { kind: "failed", failure: event.failure, routing };
  }
  if (message === undefined) throw new TypeError("a turn ended with neither a message nor an error");
  return { kind: "answered", message, routing };
}

/** Who answers, and why, as an object of JSON: what the event `routing` of a stream says. */
export function explanationOf({ kind: _, ...explanation }: RoutingEvent): Omit<RoutingEvent, "kind"> {
  return explanation;
}

/** Headers that explain a routing; names that a header cannot carry are percent-encoded. */
export function explanationHeaders(routing: RoutingEvent): Readonly<Record<string, string>> {
  const headers = {
    "x-lmos-decision": routing.decision,
    "x-lmos-stage": routing.stage,
    "x-lmos-agent": routing.parts.length > 0 ? agentNames(routing.parts) : encode(routing.agent),
    "x-lmos-capability": encode(routing.capability),
    "x-lmos-confidence": routing.confidence.toFixed(4),
    "x-lmos-choices": agentNames(routing.choices),
    "x-lmos-alternatives": agentNames(routing.alternatives),
    "x-lmos-routing-ms": routing.ms.toFixed(1),
  };
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ""));
}

/** The header with an agent's status, where it gave one: `AGENT_HANDOVER` means that a person is to go on. */
export function statusHeader({ status }: MessageEvent): Readonly<Record<string, string>> {
  return status === undefined ? {} : { "x-lmos-status": encode(status).slice(0, 256) };
}

function agentNames(alternatives: readonly Alternative[]): string {
  return alternatives.map(({ agent }) => encode(agent)).join(",");
}

function encode(name: string | undefined): string {
  return (name ?? "").toWellFormed().replace(/[^\x21-\x2b\x2d-\x7e]/gu, encodeURIComponent);
}
