/** One turn from acceptance to record: assign, call, answer, as a stream of events that the doors write out. */
import { errorMessage } from "@lmos/primitives";
import type { Tracer } from "@opentelemetry/api";
import { answerParts } from "../collaboration/answer-parts.ts";
import type { Asks } from "../collaboration/asks.ts";
import { type AgentWork, answerWithHandOvers } from "../collaboration/hand-over.ts";
import { isRuntimeError } from "../errors.ts";
import { loggable } from "../loggable.ts";
import { noRouting } from "../routing/find-routing.ts";
import { TurnTrace } from "../tracing/turn-trace.ts";
import { type Assignment, type AssignServices, assignAgent, checkExplicitAgent } from "./assign.ts";
import type { CallServices } from "./call.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import { withHistory } from "./history.ts";
import { type LocateServices, locateRouting } from "./locate-routing.ts";
import { type RecordServices, TurnRecord } from "./record.ts";
import { type TenantChecks, tenantChecks, wrongTenant } from "./tenant-checks.ts";
import type { Turn, TurnEvent } from "./turn.ts";

/** What turns need; the same for all of them. */
export interface TurnServices
  extends Omit<AssignServices, "conversations">,
    Omit<LocateServices, "conversations">,
    CallServices,
    RecordServices {
  readonly asks?: Asks | undefined;
  /** Where spans go; there are none unless it is given. */
  readonly tracer?: Tracer | undefined;
  /** {@link tenantChecks} unless a test takes one away. */
  readonly checks?: TenantChecks | undefined;
}

/**
 * Runs a turn. The events end with exactly one `turn-end` or `error`; an `error` that comes first means that the turn
 * never began. Leaving the loop or aborting cancels the turn at the agent. Never throws.
 */
export async function* runTurn(
  turn: Turn,
  services: TurnServices,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<TurnEvent, void> {
  const record = new TurnRecord(turn, services);
  const trace = services.tracer === undefined ? undefined : new TurnTrace(turn, services.tracer);
  try {
    for await (const event of guarded(turn, services, { record, trace, signal })) {
      record.see(event);
      yield event;
    }
  } finally {
    record.close();
    trace?.end(record.end);
  }
}

interface TurnContext {
  readonly record: TurnRecord;
  readonly trace: TurnTrace | undefined;
  readonly signal: AbortSignal;
}

async function* guarded(
  turn: Turn,
  services: TurnServices,
  context: TurnContext,
): AsyncGenerator<TurnEvent, void> {
  try {
    yield* steps(turn, services, context);
  } catch (error) {
    const failure = context.signal.aborted ? failureOfAbort(context.signal.reason) : undefined;
    if (failure === undefined) logUnexpected(turn, services, error);
    yield {
      kind: "error",
      failure: failure ?? turnFailure("internal", "The turn failed for an internal reason."),
    };
  }
}

async function* steps(
  asked: Turn,
  services: TurnServices,
  { record, trace, signal }: TurnContext,
): AsyncGenerator<TurnEvent, void> {
  const { conversations, checks = tenantChecks } = services;
  if (!checks.isUserOfTenant(asked)) return yield { kind: "error", failure: wrongTenant() };
  await conversations.refresh(asked);
  const turn = withHistory(asked, conversations.find(asked));
  const located = await locateRouting(turn, services, { signal });
  if (located.kind === "failed") return yield { kind: "error", failure: located.failure };
  const { snapshot, rollout } = located;
  if (!checks.isRoutingOfTenant(turn, snapshot)) return yield { kind: "error", failure: noRouting(turn) };
  record.servedBy({ subset: snapshot.identity.subset, rollout });
  const unknownAgent = checkExplicitAgent(turn, snapshot);
  if (unknownAgent !== undefined) return yield { kind: "error", failure: unknownAgent };

  yield { kind: "turn-start", turnId: turn.turnId, conversationId: turn.conversationId };
  const assign = (): Promise<Assignment> => assignAgent(turn, snapshot, services, { signal });
  const assignment = await (trace === undefined ? assign() : trace.inSpan("classify", assign));
  yield assignment.routing;
  const called =
    trace === undefined ? services : { ...services, connection: trace.around(services.connection) };
  for await (const event of answerOf(assignment, { turn, snapshot, services: called, signal })) {
    yield event;
    if (event.kind === "error") return;
  }
  await record.remember();
  yield { kind: "turn-end", ms: record.elapsedMs };
}

/** Ends with one `message` or one `error`. */
async function* answerOf(assignment: Assignment, work: AgentWork): AsyncGenerator<TurnEvent, void> {
  switch (assignment.kind) {
    case "reply":
      return yield { kind: "message", content: assignment.content, anonymizationEntities: [] };
    case "agent":
      return yield* answerWithHandOvers(assignment.agent, {
        ...work,
        messages: assignment.messages,
        capability: assignment.routing.capability,
      });
    case "parts":
      return yield* answerParts(assignment.parts, work);
    default:
      return assignment satisfies never;
  }
}

function failureOfAbort(reason: unknown): TurnFailure {
  if (isRuntimeError(reason, "ShuttingDown")) {
    return turnFailure("server_shutdown", "The server is shutting down.", 1);
  }
  return turnFailure("client_gone", "The client is gone.");
}

function logUnexpected({ turnId }: Turn, { logger }: TurnServices, error: unknown): void {
  logger.error("A turn failed for an unexpected reason", {
    turnId: loggable(turnId),
    error: errorMessage(error),
  });
}
