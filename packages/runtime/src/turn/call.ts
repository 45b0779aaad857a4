/**
 * The third step of a turn: ask the agent at one of its endpoints, within the deadlines. Where nothing of the turn was
 * sent, or the agent takes each turn once, another endpoint is tried, as long as second tries are few.
 */
import type { Clock, Logger } from "@lmos/primitives";
import type { AgentRequest } from "@lmos/protocol";
import type { ChannelIdentity } from "@lmos/resources";
import type {
  AgentConnection,
  AgentFault,
  AgentReply,
  Replies,
  ReplyReader,
} from "../agents/agent-connection.ts";
import type { EndpointHealth, EndpointOutcome } from "../agents/endpoint-health.ts";
import type { AgentEndpoints } from "../agents/endpoints.ts";
import type { RetryBudget } from "../agents/retry-budget.ts";
import type { RuntimeLimits } from "../limits.ts";
import { loggable } from "../loggable.ts";
import type { EndedCall, TurnMetrics } from "../metrics/turn-metrics.ts";
import { CallDeadline, type LateListener } from "./call-deadline.ts";

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

/** For whom, and for how long, an agent may be asked. */
export interface CallOptions {
  readonly reader: ReplyReader<CallReply>;
  /** When it is aborted the reader fails with its reason. */
  readonly signal: AbortSignal;
  /** Milliseconds for the whole answer; those of the limits unless given. */
  readonly totalMs?: number | undefined;
}

/** Asks an agent; for how long counts from now on. */
export function callAgent(
  question: AgentQuestion,
  services: CallServices,
  { totalMs = services.limits.totalMs, ...options }: CallOptions,
): Replies {
  return new Call(question, services, { ...options, totalMs });
}

/** The replies to a call. It ends when it is left, or has failed. */
class Call implements Replies, ReplyReader<AgentReply>, LateListener {
  readonly #question: AgentQuestion;
  readonly #services: CallServices;
  readonly #reader: ReplyReader<CallReply>;
  readonly #signal: AbortSignal;
  readonly #deadline: CallDeadline;
  readonly #startedAt: number;
  /** Of the endpoint that is asked; undefined before the first one is. */
  #replies: Replies | undefined;
  #url = "";
  #outcome: EndedCall["outcome"] = "cancelled";
  #triedTwice = false;
  /** The reader has asked for a reply. */
  #isAwaited = false;
  #isLate = false;
  #ended = false;

  constructor(question: AgentQuestion, services: CallServices, options: Required<CallOptions>) {
    const { clock, limits } = services;
    this.#question = question;
    this.#services = services;
    this.#reader = options.reader;
    this.#signal = options.signal;
    this.#startedAt = clock.monotonic();
    this.#deadline = new CallDeadline({
      totalMs: options.totalMs ?? limits.totalMs,
      owner: this,
      clock,
      limits,
    });
    options.signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  read(): void {
    this.#isAwaited = true;
    if (this.#signal.aborted) this.fail(this.#signal.reason);
    else if (this.#isLate) this.#passLate();
    else if (this.#replies === undefined) this.#begin();
    else this.#goOn(this.#replies);
  }

  leave(): void {
    this.#isAwaited = false;
    if (this.#ended) return;
    this.#ended = true;
    const { clock, metrics } = this.#services;
    const { channel, agent } = this.#question;
    this.#deadline[Symbol.dispose]();
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#replies?.leave();
    metrics.callEnded({ channel, agent, outcome: this.#outcome, ms: clock.monotonic() - this.#startedAt });
  }

  take(reply: AgentReply): void {
    if (reply.kind !== "result") this.#services.health.report(this.#url, outcomeOf(reply));
    if (isRetryable(reply)) this.#askAgain(reply.fault);
    else this.#pass(reply);
  }

  fail(error: unknown): void {
    const isAwaited = this.#isAwaited;
    this.leave();
    if (isAwaited) this.#reader.fail(error);
  }

  /** The agent is told at once, the reader when it asks. */
  onLate(): void {
    this.#isLate = true;
    this.#replies?.leave();
    if (this.#isAwaited) this.#passLate();
  }

  readonly #onAbort = (): void => {
    this.#replies?.leave();
    if (this.#isAwaited) this.fail(this.#signal.reason);
  };

  #begin(): void {
    this.#services.retries.earn();
    const url = this.#choose(undefined);
    if (url === undefined) this.#pass(unavailable);
    else this.#ask(url);
  }

  #goOn(replies: Replies): void {
    this.#deadline.expectNext();
    replies.read();
  }

  #ask(url: string): void {
    const { channel, request } = this.#question;
    this.#url = url;
    this.#replies = this.#services.connection.ask({ url, subset: channel.subset, request }, this);
    this.#replies.read();
  }

  /** Another endpoint, where second tries are not too many; else the fault is the last reply. */
  #askAgain(fault: AgentFault): void {
    this.#replies?.leave();
    const url = this.#triedTwice ? undefined : this.#choose(this.#url);
    this.#triedTwice = true;
    if (url === undefined || !this.#services.retries.spend()) this.#pass({ kind: "failed", fault });
    else this.#ask(url);
  }

  #passLate(): void {
    this.#services.health.report(this.#url, { kind: "failed" });
    this.#pass({ kind: "timedOut" });
  }

  /** Writes down a reply that the reader gets. */
  #pass(reply: CallReply): void {
    this.#isAwaited = false;
    this.#deadline.hold();
    if (reply.kind !== "result") this.#outcome = reply.kind === "failed" ? reply.fault.kind : reply.kind;
    if (reply.kind === "failed") logFault(this.#question, this.#services, reply.fault);
    if (reply.kind === "timedOut") logFault(this.#question, this.#services, reply);
    this.#reader.take(reply);
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
  if (fault.kind === "busy" || fault.kind === "limited") return { ...fault, kind: "busy" };
  return { kind: faultsOfTheWay.has(fault.kind) ? "failed" : "succeeded" };
}
