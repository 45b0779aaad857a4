// A turn while it runs: what the agent's code sees of it, and what it adds to the results.
import type { Clock, IdSource, Logger } from "@lmos/primitives";
import {
  type AgentRequest,
  type AgentResult,
  type AgentResultType,
  askContextKey,
  asksForStreaming,
  type ContextEntry,
  contextValue,
  droppedNotesKey,
  intermediateKindKey,
  memoryContextKey,
  notesContextKey,
  type TraceContext,
  tokenContextKey,
  traceOfOperation,
} from "@lmos/protocol";
import { askCapability } from "./ask-capability.ts";
import type { Agent } from "./define-agent.ts";
import { AgentError } from "./errors.ts";
import type { MemoryOwner } from "./in-process-memory.ts";
import { type AgentMemory, createAgentMemory } from "./memory.ts";
import type { ReplyMessage } from "./reply.ts";
import { ResultExtras } from "./result-extras.ts";
import type { ResultQueue } from "./result-queue.ts";
import { checkResultSize } from "./result-size.ts";
import type { Tool } from "./tool.ts";
import type { TurnClaims } from "./turn-claims.ts";
import type { TurnContext } from "./turn-context.ts";

const maxNoteLength = 8 * 1024;
/** Notes that may wait for a slow reader; more of them would be no news, and are counted. */
const maxWaitingNotes = 100;

/** Facts of the upgrade request that a turn carries on, unless the operation says otherwise. */
export interface Caller extends Partial<TraceContext> {
  readonly subset?: string | undefined;
}

/** What is asked. */
export interface TurnInput {
  readonly request: AgentRequest;
  /** The first agent answers when there is no such one. */
  readonly agentName?: string | undefined;
  readonly caller: Caller;
  /** What its token says; undefined where none is asked for. */
  readonly claims?: TurnClaims | undefined;
}

/** What the runtime does for an agent, where there is no runtime. */
export interface TurnPorts {
  ask(capability: string, text: string): Promise<string>;
  memoryOf(owner: MemoryOwner): AgentMemory;
}

/** What all turns of a server share. */
export interface TurnServices {
  /** At least one; the first is the default. */
  readonly agents: readonly [Agent, ...Agent[]];
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  /** Milliseconds that a turn may take. */
  readonly timeoutMs: number;
  /** In place of the addresses that come with a turn; for tests of agents. */
  readonly ports?: TurnPorts | undefined;
}

/** One running turn. */
export class Turn {
  /** Its lines carry conversation, turn and the caller's facts. */
  readonly logger: Logger;
  readonly #request: AgentRequest;
  readonly #caller: Caller;
  readonly #claims: TurnClaims | undefined;
  readonly #results: ResultQueue<AgentResult>;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #ports: TurnPorts | undefined;
  readonly #turnId: string;
  readonly #startedAt: number;
  readonly #extras = new ResultExtras();
  #droppedNotes = 0;

  constructor(
    input: TurnInput,
    services: TurnServices,
    options: { readonly results: ResultQueue<AgentResult>; readonly signal: AbortSignal },
  ) {
    this.#request = input.request;
    this.#claims = input.claims;
    const { subset, ...ofSocket } = input.caller;
    const trace = traceOfOperation(input.request.systemContext, ofSocket);
    this.#caller = { subset, ...trace };
    this.#results = options.results;
    this.#signal = options.signal;
    this.#clock = services.clock;
    this.#ports = services.ports;
    this.#startedAt = services.clock.monotonic();
    const { conversationId, turnId } = input.request.conversationContext;
    this.#turnId = turnId ?? input.request.messages.at(-1)?.turnId ?? services.ids.next();
    const { traceparent } = trace;
    this.logger = services.logger.child({ conversationId, turnId: this.#turnId, subset, traceparent });
  }

  /** What the code of that agent gets. Throws `NoMessage` when there is nothing to answer. */
  contextFor(agentName: string): TurnContext {
    const { messages, conversationContext, systemContext, userContext } = this.#request;
    const message = messages.findLast(({ role }) => role === "user")?.content.trim();
    if (message === undefined) throw new AgentError("NoMessage", "request has no user message");
    const { conversationId } = conversationContext;
    const { userId } = userContext;
    const context: TurnContext = {
      message,
      messages,
      conversationId,
      turnId: this.#turnId,
      userId,
      claims: this.#claims,
      ...this.#caller,
      signal: this.#signal,
      logger: this.logger.child({ agent: agentName }),
      system: (key) => lastValue(systemContext, key),
      user: (key) => lastValue(userContext.profile, key),
      call: (tool, input) => this.#callTool(tool, input, context),
      ask: (capability, text) => this.#ask(capability, text),
      memory:
        this.#ports?.memoryOf({ agent: agentName, conversationId, userId, turnId: this.#turnId }) ??
        this.#memory(),
      setContext: (key, value) => this.#extras.setContext(key, value),
      note: (text) => this.#sendNote(text),
    };
    return context;
  }

  /** Seconds since the turn began. */
  seconds(): number {
    return Math.round(this.#clock.monotonic() - this.#startedAt) / 1000;
  }

  /** A piece of the answer, for a caller that asked for pieces; settles when it was taken. */
  async sendDelta(text: string): Promise<void> {
    if (!asksForStreaming(this.#request)) return;
    await this.#results.push(this.#intermediate(text, "delta"));
  }

  /** Throws `AnswerTooLong` when all of it would not fit into a frame. */
  finalResult(reply: ReplyMessage): AgentResult {
    return checkResultSize({
      ...this.#result("MESSAGE", reply.content, reply.format),
      status: reply.status,
      context: [...this.#extras.context, ...this.#dropped()],
      toolCalls: this.#extras.toolCalls,
    });
  }

  errorResult(text: string): AgentResult {
    return { ...this.#result("ERROR", text), context: this.#dropped() };
  }

  /** Tells who runs the agent what its callers were not told. */
  logDroppedNotes(): void {
    if (this.#droppedNotes === 0) return;
    this.logger.warn("Notes were dropped, as their reader is too slow", { notes: this.#droppedNotes });
  }

  #ask(capability: string, text: string): Promise<string> {
    if (this.#ports !== undefined) return this.#ports.ask(capability, text);
    const { systemContext } = this.#request;
    return askCapability({
      capability,
      text,
      token: contextValue(systemContext, tokenContextKey),
      url: contextValue(systemContext, askContextKey),
      signal: this.#signal,
    });
  }

  #memory(): AgentMemory {
    const { systemContext } = this.#request;
    return createAgentMemory({
      token: contextValue(systemContext, tokenContextKey),
      url: contextValue(systemContext, memoryContextKey),
      logger: this.logger,
      signal: this.#signal,
    });
  }

  async #callTool<Input, Output>(
    tool: Tool<Input, Output>,
    input: Input,
    context: TurnContext,
  ): Promise<Output> {
    this.#extras.addToolCall(tool.name, input);
    context.logger.debug("Tool called", { tool: tool.name });
    return tool.call(input, context);
  }

  #sendNote(text: string): void {
    if (contextValue(this.#request.systemContext, notesContextKey) !== "true") return;
    if (text.length > maxNoteLength) {
      const remedy = `take at most ${maxNoteLength}, or yield what is part of the answer`;
      throw new AgentError("ResultTooLarge", `a note has ${text.length} characters; ${remedy}`);
    }
    if (this.#results.waiting >= maxWaitingNotes) this.#droppedNotes += 1;
    else void this.#results.push(this.#intermediate(text, "note"));
  }

  #dropped(): AgentResult["context"] {
    return this.#droppedNotes === 0 ? [] : [{ key: droppedNotesKey, value: String(this.#droppedNotes) }];
  }

  #intermediate(text: string, kind: "delta" | "note"): AgentResult {
    const context = [{ key: intermediateKindKey, value: kind }];
    return { ...this.#result("INTERMEDIATE_MESSAGE", text), context };
  }

  #result(type: AgentResultType, content: string, format = "text"): AgentResult {
    return {
      type,
      responseTime: this.seconds(),
      messages: [{ role: "assistant", content, format, turnId: this.#turnId }],
      anonymizationEntities: this.#request.conversationContext.anonymizationEntities ?? [],
      context: [],
      toolCalls: [],
    };
  }
}

/** Of several values under a key the last counts, as in ARC. */
function lastValue(entries: readonly ContextEntry[], key: string): string | undefined {
  return entries.findLast((entry) => entry.key === key)?.value;
}
