/**
 * The third step of a turn: ask the agent, within two deadlines (first result, whole answer). Where no connection came
 * about, and so nothing was sent, a second endpoint is tried once.
 */
import { type Clock, DeadlineExceededError, type Logger, type Random, withDeadline } from "@lmos/primitives";
import type { AgentRequest } from "@lmos/protocol";
import type { AgentConnection, AgentFault, AgentReply } from "../agents/agent-connection.ts";
import type { AgentEndpoints } from "../agents/endpoints.ts";
import type { RuntimeLimits } from "../limits.ts";

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
  readonly limits: Pick<RuntimeLimits, "firstResultMs" | "totalMs">;
  readonly clock: Clock;
  readonly random: Random;
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
  const { clock, limits } = services;
  using total = withDeadline("An agent's answer", limits.totalMs, { signal, clock });
  using first = withDeadline("An agent's first result", limits.firstResultMs, {
    signal: total.signal,
    clock,
  });
  try {
    for await (const reply of withRetry(question, services, first.signal)) {
      first[Symbol.dispose]();
      if (reply.kind === "failed") logFault(question, services, reply.fault);
      yield reply;
    }
  } catch (error) {
    if (signal.aborted || !(error instanceof DeadlineExceededError)) throw error;
    logFault(question, services, { kind: "timedOut" });
    yield { kind: "timedOut" };
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
  logger.warn("An agent gave no answer", { host, turnId, fault: details });
}

async function* withRetry(
  question: AgentQuestion,
  services: CallServices,
  signal: AbortSignal,
): AsyncGenerator<CallReply, void> {
  const first = chooseEndpoint(question.host, services, undefined);
  if (first === undefined) return yield { kind: "failed", fault: { kind: "unavailable" } };
  const unsent = yield* askOnce(first, question, services, signal);
  if (unsent === undefined) return;
  const second = chooseEndpoint(question.host, services, first);
  const fault = second === undefined ? unsent : yield* askOnce(second, question, services, signal);
  if (fault !== undefined) yield { kind: "failed", fault };
}

/** Passes the replies on, but for a connection that didn't come about: that fault is returned. */
async function* askOnce(
  url: string,
  { subset, request }: AgentQuestion,
  { connection }: CallServices,
  signal: AbortSignal,
): AsyncGenerator<CallReply, AgentFault | undefined> {
  for await (const reply of connection.ask({ url, subset, request }, { signal })) {
    if (isRetryable(reply)) return reply.fault;
    yield reply;
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

/** Any endpoint but the one that failed; that one again where there is no other (its name may stand for many). */
function chooseEndpoint(
  host: string,
  services: CallServices,
  failed: string | undefined,
): string | undefined {
  const urls = services.endpoints.urlsOf(host);
  const others = urls.filter((url) => url !== failed);
  const candidates = others.length > 0 ? others : urls;
  return candidates[Math.floor(services.random.next() * candidates.length)];
}
