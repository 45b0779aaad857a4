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
import { CallDeadline, type CallDeadlineOptions } from "./call-deadline.ts";

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

/** For how long an agent may be asked. */
export interface CallOptions {
  readonly signal: AbortSignal;
  /** Milliseconds for the whole answer; those of the limits unless given. */
  readonly totalMs?: number | undefined;
}

/**
 * Asks an agent. Aborting throws the signal's reason. One generator from the agent's socket to the answer: a stream that
 * waits holds each one in between.
 */
export async function* callAgent(
  question: AgentQuestion,
  services: CallServices,
  { signal, totalMs = services.limits.totalMs }: CallOptions,
): AsyncGenerator<CallReply, void> {
  const call = new Call(question, services, { signal, totalMs });
  try {
    for (let url = call.first(); url !== undefined; url = call.second(url)) {
      try {
        for await (const reply of call.ask(url)) {
          if (call.takesBack(reply, url)) break;
          yield call.pass(reply);
          call.expectNext();
        }
      } catch (error) {
        yield call.timedOut(error, url);
      }
    }
    if (call.fault !== undefined) yield call.pass({ kind: "failed", fault: call.fault });
  } finally {
    call.end();
  }
}

type Bounds = Pick<CallDeadlineOptions, "signal" | "totalMs">;

/** What is known of a call while its replies pass. */
class Call {
  readonly #question: AgentQuestion;
  readonly #services: CallServices;
  readonly #deadline: CallDeadline;
  readonly #startedAt: number;
  #outcome: EndedCall["outcome"] = "cancelled";
  #triedTwice = false;
  /** Why no endpoint has answered, as far as that is so. */
  fault: AgentFault | undefined;

  constructor(question: AgentQuestion, services: CallServices, options: Bounds) {
    const { clock, limits } = services;
    this.#question = question;
    this.#services = services;
    this.#startedAt = clock.monotonic();
    this.#deadline = new CallDeadline({ ...options, clock, limits });
  }

  first(): string | undefined {
    this.#services.retries.earn();
    const url = this.#choose(undefined);
    if (url === undefined) this.fault = { kind: "unavailable" };
    return url;
  }

  /** Another endpoint, where the first one took the turn back and second tries are not too many. */
  second(tried: string): string | undefined {
    if (this.fault === undefined || this.#triedTwice) return undefined;
    const url = this.#choose(tried);
    this.#triedTwice = url !== undefined && this.#services.retries.spend();
    return this.#triedTwice ? url : undefined;
  }

  ask(url: string): AsyncIterable<AgentReply> {
    const { subset, request } = this.#question;
    this.fault = undefined;
    return this.#services.connection.ask({ url, subset, request }, { signal: this.#deadline.signal });
  }

  /** True for a failure after which the turn may be repeated; it is kept, not passed on. */
  takesBack(reply: AgentReply, url: string): boolean {
    if (reply.kind !== "result") this.#services.health.report(url, outcomeOf(reply));
    if (!isRetryable(reply)) return false;
    this.fault = reply.fault;
    return true;
  }

  /** Writes down a reply that is about to be read. */
  pass(reply: CallReply): CallReply {
    this.#deadline.hold();
    if (reply.kind === "failed") logFault(this.#question, this.#services, reply.fault);
    if (reply.kind !== "result") this.#outcome = reply.kind === "failed" ? reply.fault.kind : reply.kind;
    return reply;
  }

  expectNext(): void {
    this.#deadline.expectNext();
  }

  /** @throws what was thrown, unless it was the deadline. */
  timedOut(error: unknown, url: string): CallReply {
    if (!(error instanceof DeadlineExceededError) || this.#deadline.signal.reason !== error) throw error;
    this.#services.health.report(url, { kind: "failed" });
    const reply = { kind: "timedOut" } as const;
    logFault(this.#question, this.#services, reply);
    return this.pass(reply);
  }

  end(): void {
    const { clock, metrics } = this.#services;
    this.#deadline[Symbol.dispose]();
    metrics.callEnded({ outcome: this.#outcome, ms: clock.monotonic() - this.#startedAt });
  }

  #choose(tried: string | undefined): string | undefined {
    const { health, endpoints } = this.#services;
    const choice = health.choose(endpoints.urlsOf(this.#question.host), tried);
    return choice.kind === "chosen" ? choice.url : undefined;
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

/** Faults of the way to an agent; what it said itself, another endpoint would say again. */
const faultsOfTheWay: ReadonlySet<AgentFault["kind"]> = new Set([
  "unavailable",
  "interrupted",
  "unresponsive",
]);

function isRetryable(reply: AgentReply): reply is Extract<AgentReply, { kind: "failed" }> {
  if (reply.kind !== "failed" || !reply.repeatable) return false;
  return reply.fault.kind === "notBegun" || faultsOfTheWay.has(reply.fault.kind);
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
