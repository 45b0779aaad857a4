/** One turn from acceptance to record: assign, call, answer, as a stream of events that the doors write out. */
import { faultFields, nextTurn } from "@lmos/primitives";
import type { Tracer } from "@opentelemetry/api";
import type { TokenMint } from "../agent-tokens/agent-tokens.ts";
import type { AgentWork } from "../collaboration/agent-work.ts";
import { answerParts } from "../collaboration/answer-parts.ts";
import type { Asks } from "../collaboration/asks.ts";
import { answerWithHandOvers } from "../collaboration/hand-over.ts";
import { isRuntimeError } from "../errors.ts";
import { loggable } from "../loggable.ts";
import { noRouting } from "../routing/find-routing.ts";
import type { RoutingSnapshot } from "../routing/snapshot.ts";
import { TurnTrace } from "../tracing/turn-trace.ts";
import { type AssignServices, assignAgent, checkExplicitAgent } from "./assign.ts";
import type { Assignment } from "./assignment.ts";
import type { CallServices } from "./call.ts";
import {
  type EventReader,
  type EventStep,
  noMoreEvents,
  sourceOf,
  TurnEventSource,
  tell,
} from "./event-source.ts";
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
 * never began. Leaving the loop or aborting cancels the turn at the agent. Never throws.
 */
export function runTurn(
  asked: Turn,
  services: TurnServices,
  { signal }: { readonly signal: AbortSignal },
): TurnEventSource {
  return new TurnEvents(asked, services, signal);
}

/**
 * The events, read one after the other. No generator: each stream that waits would hold it, and each whose reader reads
 * nothing the event that was read last.
 *
 *   accepted ──► begun ──► assigned ──► answering ──► ended
 *      └───────────┴────────── error ──────┴────────────▲
 */
class TurnEvents extends TurnEventSource implements EventReader {
  readonly #asked: Turn;
  readonly #services: TurnServices;
  readonly #signal: AbortSignal;
  #record: TurnRecord | undefined;
  #trace: TurnTrace | undefined;
  /** Known from its beginning until it is answered. */
  #work: AgentWork | undefined;
  #assignment: Assignment | undefined;
  #answer: TurnEventSource | undefined;
  /** Who waits for an event of the answer. */
  #reader: EventReader | undefined;
  #hasEnded = false;

  constructor(asked: Turn, services: TurnServices, signal: AbortSignal) {
    super();
    this.#asked = asked;
    this.#services = services;
    this.#signal = signal;
  }

  read(reader: EventReader): void {
    if (this.#hasEnded) tell(this.return(), reader);
    else if (this.#answer !== undefined) this.#readAnswer(this.#answer, reader);
    else if (this.#work === undefined) this.#tell(this.#begin(), reader);
    else if (this.#assignment === undefined) this.#tell(this.#assign(this.#work), reader);
    else this.#readAnswer(this.#answerBy(this.#assignment, this.#work), reader);
  }

  async return(): Promise<EventStep> {
    this.#hasEnded = true;
    const [record, trace] = [this.#record, this.#trace];
    this.#record = undefined;
    this.#trace = undefined;
    try {
      await this.#answer?.return();
    } finally {
      record?.close();
      if (record !== undefined) trace?.end(record.end);
    }
    return noMoreEvents;
  }

  /** What the answer tells. */
  take(step: EventStep): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) return;
    if (step.done === true) this.#tell(this.#remember(), reader);
    else reader.take(step.value.kind === "error" ? this.#last(step.value) : this.#give(step.value));
  }

  fail(error: unknown): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.take(this.#failed(error));
  }

  #readAnswer(answer: TurnEventSource, reader: EventReader): void {
    this.#reader = reader;
    try {
      answer.read(this);
    } catch (error) {
      this.fail(error);
    }
  }

  #tell(step: Promise<EventStep>, reader: EventReader): void {
    tell(
      step.catch((error: unknown) => this.#failed(error)),
      reader,
    );
  }

  async #begin(): Promise<EventStep> {
    const [asked, services, signal] = [this.#asked, this.#services, this.#signal];
    const record = new TurnRecord(asked, services);
    this.#record = record;
    this.#trace = services.tracer === undefined ? undefined : new TurnTrace(asked, services.tracer);
    const begun = await begin(asked, services, { record, signal });
    if (begun.kind === "failed") return this.#last({ kind: "error", failure: begun.failure });
    const { turn, snapshot } = begun;
    this.#work = { turn, snapshot, services: traced(services, this.#trace), signal };
    return this.#give({ kind: "turn-start", turnId: turn.turnId, conversationId: turn.conversationId });
  }

  async #assign(work: AgentWork): Promise<EventStep> {
    this.#assignment = await assign(work, this.#services, this.#trace);
    return this.#give(this.#assignment.routing);
  }

  /** From here on the answer alone holds what it is made of. */
  #answerBy(assignment: Assignment, work: AgentWork): TurnEventSource {
    const answer = sourceOf(answerOf(assignment, work)[Symbol.asyncIterator]());
    this.#answer = answer;
    this.#assignment = undefined;
    this.#work = undefined;
    return answer;
  }

  async #remember(): Promise<EventStep> {
    await this.#record?.remember();
    return this.#last({ kind: "turn-end", ms: this.#record?.elapsedMs ?? 0 });
  }

  #failed(error: unknown): EventStep {
    const failure = failureOf(error, this.#asked, this.#services, this.#signal);
    return this.#last({ kind: "error", failure });
  }

  #last(event: TurnEvent): EventStep {
    this.#hasEnded = true;
    return this.#give(event);
  }

  #give(event: TurnEvent): EventStep {
    return { done: false, value: this.#record?.see(event) ?? event };
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

/**
 * Messages that have come are all read before one of them is decided: deciding uses much of what processors keep at hand, and
 * so do the doors, and whoever takes turns with the other finds it gone.
 */
async function assign(
  { turn, snapshot, signal }: AgentWork,
  services: TurnServices,
  trace: TurnTrace | undefined,
): Promise<Assignment> {
  if (turn.explicitAgent === undefined) await nextTurn();
  const decide = (): Promise<Assignment> => assignAgent(turn, snapshot, services, { signal });
  return trace === undefined ? decide() : trace.inSpan("classify", decide);
}

/** Ends with one `message` or one `error`. */
function answerOf(assignment: Assignment, work: AgentWork): AsyncIterable<TurnEvent, void> {
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
    ...faultFields(error),
  });
}
