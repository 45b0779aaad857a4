/**
 * The third step of a turn: ask the agent at one of its endpoints, within the deadlines. Where nothing of the turn was
 * sent, or the agent takes each turn once, another endpoint is tried, as long as second tries are few.
 */
import { type Clock, DeadlineExceededError, type Logger } from "@lmos/primitives";
import type { AgentRequest } from "@lmos/protocol";
import type { AgentConnection, AgentFault, AgentReply } from "../agents/agent-connection.ts";
import type { EndpointHealth, EndpointOutcome } from "../agents/endpoint-health.ts";
import type { AgentEndpoints } from "../agents/endpoints.ts";
import type { RetryBudget } from "../agents/retry-budget.ts";
import type { RuntimeLimits } from "../limits.ts";
import { loggable } from "../loggable.ts";
import type { EndedCall, TurnMetrics } from "../metrics.ts";
import { CallDeadline } from "./call-deadline.ts";

/** Who is asked what. */
export interface AgentQuestion {
  /** Host of the agent, as the routing says. */
  readonly host: string;
  readonly subset: string;
  readonly request: AgentRequest;
}

/** How agents are reached. */
export interface CallServices {
  readonly connection: AgentConnection;
  readonly endpoints: AgentEndpoints;
  readonly health: EndpointHealth;
  readonly retries: RetryBudget;
  readonly metrics: TurnMetrics;
  readonly limits: Pick<RuntimeLimits, "firstResultMs" | "betweenResultsMs" | "totalMs">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Replies of an agent; the last one is `completed`, `failed` or `timedOut`. */
export type CallReply =
  | Exclude<AgentReply, { kind: "failed" }>
  | { readonly kind: "failed"; readonly fault: AgentFault }
  | { readonly kind: "timedOut" };

/** Asks an agent. Aborting throws the signal's reason. */
export async function* callAgent(
  question: AgentQuestion,
  services: CallServices,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<CallReply, void> {
  const { clock, metrics } = services;
  const startedAt = clock.monotonic();
  let outcome: EndedCall["outcome"] = "cancelled";
  using deadline = new CallDeadline({ ...services, signal });
  try {
    for await (const reply of withRetry(question, services, deadline)) {
      deadline.hold();
      if (reply.kind === "failed") logFault(question, services, reply.fault);
      if (reply.kind === "timedOut") logFault(question, services, reply);
      if (reply.kind !== "result") outcome = reply.kind === "failed" ? reply.fault.kind : reply.kind;
      yield reply;
      deadline.expectNext();
    }
  } finally {
    metrics.callEnded({ outcome, ms: clock.monotonic() - startedAt });
  }
}

/** The texts of an agent's errors stay out of the log: they may quote the user. */
function logFault(
  { host, request }: AgentQuestion,
  { logger }: CallServices,
  fault: AgentFault | { readonly kind: "timedOut" },
): void {
  const { turnId } = request.conversationContext;
  const details = fault.kind === "error" ? { kind: fault.kind, errors: fault.errors.length } : fault;
  logger.warn("An agent gave no answer", { host, turnId: loggable(turnId ?? ""), fault: details });
}

async function* withRetry(
  question: AgentQuestion,
  services: CallServices,
  deadline: CallDeadline,
): AsyncGenerator<CallReply, void> {
  const { health, endpoints, retries } = services;
  retries.earn();
  const first = health.choose(endpoints.urlsOf(question.host), undefined);
  if (first.kind !== "chosen") return yield { kind: "failed", fault: { kind: "unavailable" } };
  const fault = yield* askOnce(first.url, { question, services, deadline });
  if (fault === undefined) return;
  const second = health.choose(endpoints.urlsOf(question.host), first.url);
  if (second.kind !== "chosen" || !retries.spend()) return yield { kind: "failed", fault };
  const secondFault = yield* askOnce(second.url, { question, services, deadline });
  if (secondFault !== undefined) yield { kind: "failed", fault: secondFault };
}

interface CallContext {
  readonly question: AgentQuestion;
  readonly services: CallServices;
  readonly deadline: CallDeadline;
}

/** Passes the replies on, but for a failure after which the turn may be repeated: that fault is returned. */
async function* askOnce(
  url: string,
  { question, services, deadline }: CallContext,
): AsyncGenerator<CallReply, AgentFault | undefined> {
  const { connection, health } = services;
  const { subset, request } = question;
  const { signal } = deadline;
  try {
    for await (const reply of connection.ask({ url, subset, request }, { signal })) {
      if (reply.kind !== "result") health.report(url, outcomeOf(reply));
      if (isRetryable(reply)) return reply.fault;
      yield reply;
    }
  } catch (error) {
    if (!(error instanceof DeadlineExceededError) || signal.reason !== error) throw error;
    health.report(url, { kind: "failed" });
    yield { kind: "timedOut" };
  }
  return undefined;
}

/** Faults of the way to an agent; what it said itself, another endpoint would say again. */
const faultsOfTheWay: ReadonlySet<AgentFault["kind"]> = new Set([
  "unavailable",
  "interrupted",
  "unresponsive",
]);

function isRetryable(reply: AgentReply): reply is Extract<AgentReply, { kind: "failed" }> {
  return reply.kind === "failed" && reply.repeatable && faultsOfTheWay.has(reply.fault.kind);
}

/**
 * Only faults of the way count: what an agent says, even nonsense, depends on the message, and one user's messages must
 * not take an agent from all others.
 */
function outcomeOf(reply: Exclude<AgentReply, { kind: "result" }>): EndpointOutcome {
  if (reply.kind === "completed") return { kind: "succeeded" };
  const { fault } = reply;
  if (fault.kind === "busy") return fault;
  return { kind: faultsOfTheWay.has(fault.kind) ? "failed" : "succeeded" };
}
