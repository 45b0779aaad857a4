/** The last step of a turn, whatever became of it: conversation, metrics, one log line without a word of the text. */
import type { Clock, Logger } from "@lmos/primitives";
import { agentStatus, handoverTarget } from "@lmos/protocol";
import type { ChannelIdentity } from "@lmos/resources";
import {
  type AddedMessages,
  maxRememberedLength,
  type ServedBy,
} from "../conversation/conversation-memory.ts";
import type { Conversations } from "../conversation/stored-conversations.ts";
import { loggable } from "../loggable.ts";
import type { TurnMetrics } from "../metrics/turn-metrics.ts";
import type { TracedEnd } from "../tracing/turn-trace.ts";
import type { TurnFailureCode } from "./failure.ts";
import type { MessageEvent, RoutingEvent, Turn, TurnEvent } from "./turn.ts";

/** Where turns are recorded. */
export interface RecordServices {
  readonly conversations: Conversations;
  readonly metrics: TurnMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sees each event of a turn and writes down how it ended. */
export class TurnRecord {
  readonly #turn: Turn;
  readonly #services: RecordServices;
  readonly #startedAt: number;
  #servedBy: ServedBy | undefined;
  #routing: RoutingEvent | undefined;
  #message: MessageEvent | undefined;
  #droppedNotes = 0;
  /** Who answers, as far as it is known. */
  #agent: string | undefined;
  #outcome: "answered" | TurnFailureCode = "client_gone";

  constructor(turn: Turn, services: RecordServices) {
    this.#turn = turn;
    this.#services = services;
    this.#startedAt = services.clock.monotonic();
  }

  /** Milliseconds since the turn was accepted. */
  get elapsedMs(): number {
    return this.#services.clock.monotonic() - this.#startedAt;
  }

  /** The subset whose routing the turn follows, and the canary release that chose it. */
  servedBy(servedBy: ServedBy): void {
    this.#servedBy = servedBy;
  }

  /** Takes note of one event, and gives it back. */
  see<Event extends TurnEvent>(event: Event): Event {
    if (event.kind === "routing") this.#routing = event;
    if (event.kind === "routing") this.#agent = event.agent;
    if (event.kind === "hand-over") this.#agent = event.to;
    if (event.kind === "message") this.#message = event;
    if (event.kind === "notes-dropped") this.#droppedNotes += event.count;
    if (event.kind === "turn-end") this.#outcome = "answered";
    if (event.kind === "error") this.#outcome = event.failure.code;
    return event;
  }

  /** How the turn ended, as far as it has. */
  get end(): TracedEnd {
    return { outcome: this.#outcome, subset: this.#servedBy?.subset, routing: this.#routing };
  }

  /** Keeps the message and its answer for the turns that follow. */
  async remember(): Promise<void> {
    if (this.#servedBy === undefined || this.#message === undefined) return;
    const { conversations } = this.#services;
    conversations.append(this.#turn, this.#servedBy, this.#added(this.#message));
    await conversations.save(this.#turn);
  }

  #added({ content, status }: MessageEvent): AddedMessages {
    const asked = this.#turn.messages.filter(({ role }) => role === "user").slice(-1);
    const { decision, choices = [], parts = [] } = this.#routing ?? {};
    // What follows several answers most likely goes on with the last of them.
    const agent = this.#agent ?? parts.at(-1)?.agent;
    return {
      messages: [...asked, { role: "assistant", content, agent }],
      at: this.#services.clock.now(),
      handedOver: status === agentStatus.handover || handoverTarget(status) !== undefined,
      question: decision === "ask" ? { text: content.slice(0, maxRememberedLength), choices } : undefined,
    };
  }

  /** Writes the record; a turn that has shown no end by now was left by its client. */
  close(): void {
    const decision = this.#routing?.decision ?? "undecided";
    this.#services.metrics.turnEnded({
      channel: this.#channel,
      outcome: this.#outcome,
      decision,
      ms: this.elapsedMs,
      routingMs: this.#routing?.ms,
      confidence: this.#routing?.confidence,
    });
    if (this.#droppedNotes > 0) this.#services.metrics.notesDropped(this.#droppedNotes);
    this.#services.logger.info("A turn ended", this.#fields());
  }

  /** Whose routing the turn follows. */
  get #channel(): ChannelIdentity | undefined {
    const { tenant, channel } = this.#turn;
    return this.#servedBy === undefined ? undefined : { tenant, channel, subset: this.#servedBy.subset };
  }

  #fields(): Readonly<Record<string, unknown>> {
    const { tenant, channel, conversationId, turnId, correlation } = this.#turn;
    return {
      tenant: loggable(tenant),
      channel: loggable(channel),
      subset: this.#servedBy?.subset,
      conversationId: loggable(conversationId),
      turnId: loggable(turnId),
      correlationId: loggable(correlation.correlationId),
      traceparent: correlation.traceparent,
      snapshot: this.#routing?.snapshot,
      decision: this.#routing?.decision,
      agent: this.#routing?.agent,
      confidence: this.#routing?.confidence,
      outcome: this.#outcome,
      ...(this.#droppedNotes > 0 && { droppedNotes: this.#droppedNotes }),
      ms: Math.round(this.elapsedMs),
    };
  }
}
