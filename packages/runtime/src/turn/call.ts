/**
 * The third step of a turn: ask the agent at one of its endpoints, within the deadlines. Where nothing of the turn was
 * sent, or the agent takes each turn once, another endpoint is tried, as long as second tries are few.
 */
import { type Clock, DeadlineExceededError, type Logger } from "@lmos/primitives";
import type { AgentRequest } from "@lmos/protocol";
import type { ChannelIdentity } from "@lmos/resources";
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
  /** In whose routing the agent was found. */
  readonly channel: ChannelIdentity;
  readonly agent: string;
  /** Host of the agent, as the routing says. */
  readonly host: string;
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

/** Asks an agent. Aborting throws the signal's reason; leaving the loop early cancels the turn at the agent. */
export function callAgent(
  question: AgentQuestion,
  services: CallServices,
  { signal, totalMs = services.limits.totalMs }: CallOptions,
): AsyncIterableIterator<CallReply, void> {
  return new Call(question, services, { signal, totalMs });
}

type Bounds = Pick<CallDeadlineOptions, "signal" | "totalMs">;
type Step = IteratorResult<CallReply, void>;

/** The replies to a call, read one after the other. No generator: each stream that waits for its agent would hold it. */
class Call implements AsyncIterableIterator<CallReply, void> {
  readonly #question: AgentQuestion;
  readonly #services: CallServices;
  readonly #deadline: CallDeadline;
  readonly #startedAt: number;
  /** Of the endpoint that is asked; undefined before the first one is. */
  #replies: AsyncIterator<AgentReply> | undefined;
  #url = "";
  #outcome: EndedCall["outcome"] = "cancelled";
  #triedTwice = false;
  /** The last reply was read. */
  #over = false;
  #ended = false;

  constructor(question: AgentQuestion, services: CallServices, options: Bounds) {
    const { clock, limits } = services;
    this.#question = question;
    this.#services = services;
    this.#startedAt = clock.monotonic();
    this.#deadline = new CallDeadline({ ...options, clock, limits });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Step> {
    if (this.#over || this.#ended) return this.return();
    try {
      return this.#replies === undefined ? this.#begin() : this.#goOn(this.#replies);
    } catch (error) {
      this.#end();
      return Promise.reject(error);
    }
  }

  async return(): Promise<Step> {
    if (!this.#ended) {
      this.#end();
      await this.#replies?.return?.();
    }
    return { done: true, value: undefined };
  }

  #begin(): Promise<Step> {
    this.#services.retries.earn();
    const url = this.#choose(undefined);
    return url === undefined ? Promise.resolve(this.#pass(unavailable)) : this.#ask(url);
  }

  #goOn(replies: AsyncIterator<AgentReply>): Promise<Step> {
    this.#deadline.expectNext();
    return replies.next().then(this.#onStep, this.#onError);
  }

  #ask(url: string): Promise<Step> {
    const { channel, request } = this.#question;
    this.#url = url;
    const replies = this.#services.connection.ask(
      { url, subset: channel.subset, request },
      { signal: this.#deadline.signal },
    );
    this.#replies = replies[Symbol.asyncIterator]();
    return this.#replies.next().then(this.#onStep, this.#onError);
  }

  readonly #onStep = (step: IteratorResult<AgentReply, void>): Step | Promise<Step> => {
    if (step.done === true) return this.return();
    const reply = step.value;
    if (reply.kind !== "result") this.#services.health.report(this.#url, outcomeOf(reply));
    return isRetryable(reply) ? this.#askAgain(reply.fault) : this.#pass(reply);
  };

  /** Another endpoint, where second tries are not too many; else the fault is the last reply. */
  async #askAgain(fault: AgentFault): Promise<Step> {
    await this.#replies?.return?.();
    const url = this.#triedTwice ? undefined : this.#choose(this.#url);
    this.#triedTwice = true;
    if (url === undefined || !this.#services.retries.spend()) return this.#pass({ kind: "failed", fault });
    return this.#ask(url);
  }

  readonly #onError = (error: unknown): Step => {
    if (error instanceof DeadlineExceededError && this.#deadline.signal.reason === error) {
      this.#services.health.report(this.#url, { kind: "failed" });
      return this.#pass({ kind: "timedOut" });
    }
    this.#end();
    throw error;
  };

  /** Writes down a reply that is about to be read. */
  #pass(value: CallReply): Step {
    this.#deadline.hold();
    if (value.kind !== "result") {
      this.#over = true;
      this.#outcome = value.kind === "failed" ? value.fault.kind : value.kind;
    }
    if (value.kind === "failed") logFault(this.#question, this.#services, value.fault);
    if (value.kind === "timedOut") logFault(this.#question, this.#services, value);
    return { done: false, value };
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { clock, metrics } = this.#services;
    const { channel, agent } = this.#question;
    this.#deadline[Symbol.dispose]();
    metrics.callEnded({ channel, agent, outcome: this.#outcome, ms: clock.monotonic() - this.#startedAt });
  }

  #choose(tried: string | undefined): string | undefined {
    const { health, endpoints } = this.#services;
    const choice = health.choose(endpoints.urlsOf(this.#question.host), tried);
    return choice.kind === "chosen" ? choice.url : undefined;
  }
}

const unavailable = { kind: "failed", fault: { kind: "unavailable" } } as const;

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
