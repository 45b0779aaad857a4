// The calling side of one turn over a graphql-transport-ws socket, as a pure state machine: texts in, texts and
// events out. Whoever owns the socket sends `send` in order, acts on `events`, and closes the socket after the
// first of `completed`, `failed` and `violation`; time-outs are its business too.
//
//   ┌──────┐ open()          ┌─────────────┐ connection_ack ┌───────────┐ complete: completed      ┌───────┐
//   │ idle ├────────────────►│ handshaking ├───────────────►│ answering ├─────────────────────────►│ ended │
//   └──────┘ connection_init └──────┬──────┘   subscribe    └──┬──▲──┬──┘ error, no data: failed   └───▲───┘
//                                   │                     next │  │  │                                 │
//                                   │                   result └──┘  │ garbage, too large: violation   │
//                                   └────────────────────────────────┴────────────── cancel() ─────────┘
//
// An `error` that only names fields unknown to old servers makes `answering` subscribe once more, under a second
// id, with the fallback document. In `ended` every frame is ignored: ARC sends `complete` after `error`. Frames of
// other ids are ignored too; `ping` is answered in every state but `ended`.
//
// Results of the fallback document have no type, and ARC 0.126 sends what is said on the way before or after the answer:
// without status and context, which an answer always has. A server whose every result is so has the last one as its answer.
import { isRecord } from "@lmos/primitives";
import { z } from "zod";
import { type AgentRequest, writeAgentRequest } from "./agent-request.ts";
import { type AgentResult, agentResultSchema } from "./agent-result.ts";
import { arcDocument, arcFallbackDocument, isUnknownFieldRefusal } from "./arc-document.ts";
import { notBegunCode } from "./arc-server.ts";
import { defaultFrameLimits, type FrameLimits, type ParsedFrame, parseFrame, utf8Length } from "./frame.ts";
import { firstIssueText } from "./issue-text.ts";

/** What the caller learns from a frame. The last three end the turn; a violation means the other side broke the protocol. */
export type ArcClientEvent =
  | { readonly kind: "acknowledged" }
  | { readonly kind: "result"; readonly result: AgentResult }
  | { readonly kind: "completed" }
  /** `notBegun`: the agent did nothing of it, as it is about to stop. */
  | { readonly kind: "failed"; readonly errors: readonly string[]; readonly notBegun?: true }
  | { readonly kind: "violation"; readonly reason: string };

/** Frames to send, in order, and what happened. */
export interface ArcClientStep {
  readonly send: readonly string[];
  readonly events: readonly ArcClientEvent[];
}

/** One turn from the caller's side. */
export interface ArcClient {
  /** The socket is open: start the handshake. */
  open(): ArcClientStep;
  /** A text frame came. Never throws. */
  receive(frame: string): ArcClientStep;
  /** A text frame of so many bytes came and was parsed already. Never throws. */
  receiveFrame(frame: ParsedFrame, bytes: number): ArcClientStep;
  /** The caller doesn't want the answer any more; close the socket after sending. */
  cancel(): ArcClientStep;
}

/** What a turn needs. */
export interface ArcClientOptions {
  /** Id of the operation on this socket, any text without meaning. */
  readonly operationId: string;
  readonly request: AgentRequest;
  /** The agent of that name; the server's default agent when absent. */
  readonly agentName?: string | undefined;
  /** {@link defaultFrameLimits} unless given. */
  readonly limits?: FrameLimits | undefined;
}

type State = "idle" | "handshaking" | "answering" | "ended";

/** Creates the calling side of one turn. */
export function createArcClient(options: ArcClientOptions): ArcClient {
  return new ArcClientMachine(options);
}

const nothing: ArcClientStep = { send: [], events: [] };
const errorsSchema = z.array(z.object({ message: z.string() }));

class ArcClientMachine implements ArcClient {
  readonly #options: ArcClientOptions;
  readonly #limits: FrameLimits;
  #state: State = "idle";
  #operationId: string;
  #mayFallBack = true;
  #receivedBytes = 0;
  /** The last result that may be no answer, until there is one that is. */
  #lastSaid: AgentResult | undefined;
  #isAnswered = false;

  constructor(options: ArcClientOptions) {
    this.#options = options;
    this.#limits = options.limits ?? defaultFrameLimits;
    this.#operationId = options.operationId;
  }

  open(): ArcClientStep {
    if (this.#state !== "idle") return nothing;
    this.#state = "handshaking";
    return { send: [JSON.stringify({ type: "connection_init" })], events: [] };
  }

  receive(text: string): ArcClientStep {
    if (this.#state === "ended") return nothing;
    return this.receiveFrame(parseFrame(text, this.#limits), utf8Length(text));
  }

  receiveFrame(frame: ParsedFrame, bytes: number): ArcClientStep {
    if (this.#state === "ended") return nothing;
    if (frame.kind === "unreadable") return this.#violation(frame.reason);
    this.#receivedBytes += bytes;
    if (this.#receivedBytes > this.#limits.turnBytes) {
      return this.#violation(`turn is larger than ${this.#limits.turnBytes} bytes`);
    }
    return this.#dispatch(frame.type, frame.fields);
  }

  cancel(): ArcClientStep {
    const send = this.#state === "answering" ? [frameOf("complete", this.#operationId)] : [];
    this.#state = "ended";
    return { send, events: [] };
  }

  #dispatch(type: string, fields: Readonly<Record<string, unknown>>): ArcClientStep {
    switch (type) {
      case "ping":
        return { send: [JSON.stringify({ type: "pong" })], events: [] };
      case "pong":
        return nothing;
      case "connection_ack":
        return this.#onAcknowledged();
      case "next":
      case "error":
      case "complete":
        return this.#onOperationFrame(type, fields);
      default:
        return this.#violation(`frame type "${type.slice(0, 40)}" is unknown`);
    }
  }

  #onAcknowledged(): ArcClientStep {
    if (this.#state !== "handshaking") return this.#violation("connection_ack out of turn");
    this.#state = "answering";
    return { send: [this.#subscribe(arcDocument)], events: [{ kind: "acknowledged" }] };
  }

  #onOperationFrame(
    type: "next" | "error" | "complete",
    fields: Readonly<Record<string, unknown>>,
  ): ArcClientStep {
    if (this.#state !== "answering") return this.#violation(`${type} before connection_ack`);
    if (typeof fields["id"] !== "string") return this.#violation(`${type} names no operation`);
    if (fields["id"] !== this.#operationId) return nothing;
    if (type === "complete") return this.#onComplete();
    return type === "next" ? this.#onNext(fields["payload"]) : this.#onError(fields["payload"]);
  }

  #onNext(payload: unknown): ArcClientStep {
    if (!isRecord(payload)) return this.#violation("next has no payload");
    const data = payload["data"];
    const agent = isRecord(data) ? data["agent"] : undefined;
    if (agent === null || agent === undefined) return this.#onNextWithoutData(payload["errors"]);
    const result = agentResultSchema.safeParse(agent);
    if (!result.success) return this.#violation(`result can't be read: ${firstIssueText(result.error)}`);
    this.#mayFallBack = false;
    const read = this.#isFallback && isBare(agent) ? onTheWay(result.data) : result.data;
    this.#remember(read);
    return { send: [], events: [{ kind: "result", result: read }] };
  }

  get #isFallback(): boolean {
    return this.#operationId !== this.#options.operationId;
  }

  #remember(result: AgentResult): void {
    if (result.type === "MESSAGE") this.#isAnswered = true;
    else if (this.#isFallback) this.#lastSaid = result;
  }

  #onComplete(): ArcClientStep {
    const { events } = this.#end({ kind: "completed" });
    if (this.#isAnswered || this.#lastSaid === undefined) return { send: [], events };
    return {
      send: [],
      events: [{ kind: "result", result: { ...this.#lastSaid, type: "MESSAGE" } }, ...events],
    };
  }

  #onNextWithoutData(errors: unknown): ArcClientStep {
    const messages = readErrors(errors);
    if (messages === undefined) return this.#violation("next has neither data nor errors");
    return this.#failOrFallBack(messages);
  }

  #onError(payload: unknown): ArcClientStep {
    const messages = readErrors(payload);
    if (messages === undefined) return this.#violation("error has no list of messages");
    if (isNotBegun(payload)) return this.#end({ kind: "failed", errors: messages, notBegun: true });
    return this.#failOrFallBack(messages);
  }

  #failOrFallBack(errors: readonly string[]): ArcClientStep {
    if (!this.#mayFallBack || !isUnknownFieldRefusal(errors)) return this.#end({ kind: "failed", errors });
    this.#mayFallBack = false;
    this.#operationId = this.#options.operationId + fallbackSuffix;
    return { send: [this.#subscribe(arcFallbackDocument)], events: [] };
  }

  #subscribe(query: string): string {
    const { request, agentName } = this.#options;
    const variables = { request: writeAgentRequest(request), agentName: agentName ?? null };
    return frameOf("subscribe", this.#operationId, { query, variables });
  }

  #violation(reason: string): ArcClientStep {
    return this.#end({ kind: "violation", reason });
  }

  #end(event: ArcClientEvent): ArcClientStep {
    this.#state = "ended";
    return { send: [], events: [event] };
  }
}

function isBare(agent: unknown): boolean {
  if (!isRecord(agent) || agent["type"] !== undefined) return false;
  return agent["status"] === null && agent["context"] === null;
}

function onTheWay(result: AgentResult): AgentResult {
  return { ...result, type: "INTERMEDIATE_MESSAGE" };
}

/** The messages of a GraphQL error list; one error alone is accepted as well. */
function readErrors(payload: unknown): readonly string[] | undefined {
  const errors = errorsSchema.safeParse(Array.isArray(payload) ? payload : [payload]);
  return errors.success && errors.data.length > 0 ? errors.data.map((error) => error.message) : undefined;
}

/** True only where nothing else is said. */
function isNotBegun(payload: unknown): boolean {
  if (!Array.isArray(payload) || payload.length !== 1) return false;
  const [error]: unknown[] = payload;
  return isRecord(error) && isRecord(error["extensions"]) && error["extensions"]["code"] === notBegunCode;
}

const fallbackSuffix = "-fallback";

/**
 * The id under which a turn was begun ({@link ArcClientOptions.operationId}) from that of one of its operations, as a frame
 * names it; undefined where the frame names none.
 */
export function turnOfFrame(frame: ParsedFrame): string | undefined {
  if (frame.kind !== "frame") return undefined;
  const id = frame.fields["id"];
  if (typeof id !== "string") return undefined;
  return id.endsWith(fallbackSuffix) ? id.slice(0, -fallbackSuffix.length) : id;
}

function frameOf(type: string, id: string, payload?: unknown): string {
  return JSON.stringify(payload === undefined ? { type, id } : { type, id, payload });
}
