/**
 * The spans of one turn: `turn` from acceptance to record, in it `classify` and an `agent` for each call. Attributes name
 * what was decided, never what was said.
 */

import { type TraceContext, traceEntries, traceparentHeader, tracestateHeader } from "@lmos/protocol";
import {
  type Attributes,
  type Context,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type {
  AgentCall,
  AgentConnection,
  AgentReply,
  Replies,
  ReplyReader,
} from "../agents/agent-connection.ts";
import { loggable } from "../loggable.ts";
import type { RoutingEvent, Turn } from "../turn/turn.ts";
import { contextOf, contextWithin } from "./trace-context.ts";

/** How a turn ended. */
export interface TracedEnd {
  readonly outcome: string;
  readonly subset: string | undefined;
  readonly routing: RoutingEvent | undefined;
}

/** Spans of one turn; end it once. */
export class TurnTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;

  constructor(turn: Turn, tracer: Tracer) {
    this.#tracer = tracer;
    const caller = contextOf(turn.correlation);
    this.#span = tracer.startSpan("turn", { kind: SpanKind.SERVER, attributes: attributesOf(turn) }, caller);
    this.#context = trace.setSpan(caller, this.#span);
  }

  /** Runs `work` in a span of its own. */
  async inSpan<T>(name: string, work: () => Promise<T>): Promise<T> {
    const span = this.#tracer.startSpan(name, { kind: SpanKind.INTERNAL }, this.#context);
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }

  /** The connection with a span around each call; its agents go on with the trace. */
  around(connection: AgentConnection): AgentConnection {
    return { ask: (call, reader) => this.#ask(connection, call, reader) };
  }

  /** Says how the turn ended. */
  end({ outcome, subset, routing }: TracedEnd): void {
    this.#span.setAttributes({
      "lmos.outcome": outcome,
      ...(subset === undefined ? {} : { "lmos.subset": subset }),
      ...(routing === undefined ? {} : decisionAttributes(routing)),
    });
    if (outcome !== "answered") this.#span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
    this.#span.end();
  }

  #ask(connection: AgentConnection, call: AgentCall, reader: ReplyReader<AgentReply>): Replies {
    const attributes = { "server.address": new URL(call.url).host, "lmos.subset": call.subset };
    const span = this.#tracer.startSpan("agent", { kind: SpanKind.CLIENT, attributes }, this.#context);
    return new TracedReplies(span, { connection, call: withTrace(call, contextWithin(span)), reader });
  }
}

interface TracedCall {
  readonly connection: AgentConnection;
  readonly call: AgentCall;
  readonly reader: ReplyReader<AgentReply>;
}

/** The replies to a call, whose span ends when it is left. */
class TracedReplies implements Replies, ReplyReader<AgentReply> {
  readonly #span: Span;
  readonly #reader: ReplyReader<AgentReply>;
  readonly #replies: Replies;
  #last = "cancelled";
  #left = false;

  constructor(span: Span, { connection, call, reader }: TracedCall) {
    this.#span = span;
    this.#reader = reader;
    this.#replies = connection.ask(call, this);
  }

  read(): void {
    this.#replies.read();
  }

  take(reply: AgentReply): void {
    this.#last = reply.kind === "failed" ? reply.fault.kind : reply.kind;
    this.#reader.take(reply);
  }

  fail(error: unknown): void {
    this.#reader.fail(error);
  }

  leave(): void {
    this.#replies.leave();
    if (this.#left) return;
    this.#left = true;
    if (this.#last !== "completed") this.#span.setStatus({ code: SpanStatusCode.ERROR, message: this.#last });
    this.#span.end();
  }
}

function withTrace(call: AgentCall, context: TraceContext): AgentCall {
  const { messages, conversationContext, userContext, systemContext: told } = call.request;
  const others = told.filter(({ key }) => key !== traceparentHeader && key !== tracestateHeader);
  const systemContext = [...others, ...traceEntries(context)];
  return { ...call, request: { messages, conversationContext, userContext, systemContext } };
}

function attributesOf({ tenant, channel, turnId, correlation, streaming }: Turn): Attributes {
  return {
    "lmos.tenant": loggable(tenant),
    "lmos.channel": loggable(channel),
    "lmos.turn_id": loggable(turnId),
    "lmos.correlation_id": loggable(correlation.correlationId),
    "lmos.streaming": streaming,
  };
}

function decisionAttributes({ decision, agent, confidence, snapshot }: RoutingEvent): Attributes {
  return {
    "lmos.decision": decision,
    "lmos.confidence": confidence,
    "lmos.snapshot": snapshot,
    ...(agent === undefined ? {} : { "lmos.agent": agent }),
  };
}
