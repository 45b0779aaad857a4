/** One turn from acceptance to record: assign, call, answer, as a stream of events that the doors write out. */
import { errorMessage } from "@lmos/primitives";
import type { Tracer } from "@opentelemetry/api";
import type { TokenMint } from "../agent-tokens/agent-tokens.ts";
import { answerParts } from "../collaboration/answer-parts.ts";
import type { Asks } from "../collaboration/asks.ts";
import type { AgentWork } from "../collaboration/agent-work.ts";
import { answerWithHandOvers } from "../collaboration/hand-over.ts";
import { isRuntimeError } from "../errors.ts";
import { loggable } from "../loggable.ts";
import { noRouting } from "../routing/find-routing.ts";
import type { RoutingSnapshot } from "../routing/snapshot.ts";
import { TurnTrace } from "../tracing/turn-trace.ts";
import { type AssignServices, assignAgent, checkExplicitAgent } from "./assign.ts";
import type { Assignment } from "./assignment.ts";
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
  /** Agents get no tokens unless it is given. */
  readonly agentTokens?: TokenMint | undefined;
  /** Where spans go; there are none unless it is given. */
  readonly tracer?: Tracer | undefined;
  /** {@link tenantChecks} unless a test takes one away. */
  readonly checks?: TenantChecks | undefined;
}

/**
 * Runs a turn. The events end with exactly one `turn-end` or `error`; an `error` that comes first means that the turn
 * never began. Leaving the loop or aborting cancels the turn at the agent. Never throws. One generator for all of it: a
 * stream that waits holds each one.
 */
export async function* runTurn(
  asked: Turn,
  services: TurnServices,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<TurnEvent, void> {
  const record = new TurnRecord(asked, services);
  const trace = services.tracer === undefined ? undefined : new TurnTrace(asked, services.tracer);
  try {
    const begun = await begin(asked, services, { record, signal });
    if (begun.kind === "failed") return yield record.see({ kind: "error", failure: begun.failure });
    const { turn, snapshot } = begun;
    yield record.see({ kind: "turn-start", turnId: turn.turnId, conversationId: turn.conversationId });
    const work = { turn, snapshot, services: traced(services, trace), signal };
    const assignment = await assign(work, services, trace);
    yield record.see(assignment.routing);
    for await (const event of answerOf(assignment, work)) {
      yield record.see(event);
      if (event.kind === "error") return;
    }
    await record.remember();
    yield record.see({ kind: "turn-end", ms: record.elapsedMs });
  } catch (error) {
    yield record.see({ kind: "error", failure: failureOf(error, asked, services, signal) });
  } finally {
    record.close();
    trace?.end(record.end);
  }
}

type Begun =
  | { readonly kind: "failed"; readonly failure: TurnFailure }
  | { readonly kind: "begun"; readonly turn: Turn; readonly snapshot: RoutingSnapshot };

/** All that is known before anything is decided: the conversation, and the one snapshot of this turn. */
async function begin(
  asked: Turn,
  services: TurnServices,
  { record, signal }: { readonly record: TurnRecord; readonly signal: AbortSignal },
): Promise<Begun> {
  const { conversations, checks = tenantChecks } = services;
  if (!checks.isUserOfTenant(asked)) return { kind: "failed", failure: wrongTenant() };
  await conversations.refresh(asked);
  const turn = withHistory(asked, conversations.find(asked));
  const located = await locateRouting(turn, services, { signal });
  if (located.kind === "failed") return located;
  const { snapshot, rollout } = located;
  if (!checks.isRoutingOfTenant(turn, snapshot)) return { kind: "failed", failure: noRouting(turn) };
  record.servedBy({ subset: snapshot.identity.subset, rollout });
  const unknownAgent = checkExplicitAgent(turn, snapshot);
  return unknownAgent === undefined
    ? { kind: "begun", turn, snapshot }
    : { kind: "failed", failure: unknownAgent };
}

function traced(services: TurnServices, trace: TurnTrace | undefined): TurnServices {
  return trace === undefined ? services : { ...services, connection: trace.around(services.connection) };
}

function assign(
  { turn, snapshot, signal }: AgentWork,
  services: TurnServices,
  trace: TurnTrace | undefined,
): Promise<Assignment> {
  const decide = (): Promise<Assignment> => assignAgent(turn, snapshot, services, { signal });
  return trace === undefined ? decide() : trace.inSpan("classify", decide);
}

/** Ends with one `message` or one `error`. */
function answerOf(assignment: Assignment, work: AgentWork): AsyncIterable<TurnEvent> {
  switch (assignment.kind) {
    case "reply":
      return reply(assignment.content);
    case "agent":
      return answerWithHandOvers(assignment.agent, {
        ...work,
        messages: assignment.messages,
        capability: assignment.routing.capability,
      });
    case "parts":
      return answerParts(assignment.parts, work);
    default:
      return assignment satisfies never;
  }
}

async function* reply(content: string): AsyncGenerator<TurnEvent, void> {
  yield { kind: "message", content, anonymizationEntities: [] };
}

function failureOf(error: unknown, turn: Turn, services: TurnServices, signal: AbortSignal): TurnFailure {
  if (signal.aborted) return failureOfAbort(signal.reason);
  logUnexpected(turn, services, error);
  return turnFailure("internal", "The turn failed for an internal reason.");
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
