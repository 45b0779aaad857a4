// The answering side of a graphql-transport-ws socket, as a pure state machine: texts and outcomes in, texts and
// events out. Whoever owns the socket sends `send` in order, starts or stops operations as `events` say, and
// closes the socket when `close` is there; the handshake's time-out is its business (`expireHandshake`).
//
//   socket:     ┌─────────┐ connection_init / connection_ack ┌──────────────┐
//               │ waiting ├─────────────────────────────────►│ acknowledged │
//               └────┬────┘                                  └──────┬───────┘
//                    │ subscribe: 4401, time-out: 4408              │ second connection_init: 4429
//                    │ garbage, unknown type: 4400                  │ id in use: 4409, garbage: 4400
//                    ▼                                              ▼
//               ┌────────────────────────── closed ───────────────────────────┐   (all frames ignored)
//
// What no reader of JSON takes for a frame ends the socket without a code, as it does with ARC.
//
//   operation:  subscribe ─► open ─ next* ─► complete() | error() | the caller's complete ─► gone (id is free again)
//
// An outcome for an operation that is gone is dropped: the caller may have completed it meanwhile.
import { z } from "zod";
import { defaultFrameLimits, type FrameFault, type FrameLimits, parseFrame } from "./frame.ts";
import { firstIssueText } from "./issue-text.ts";
import { drainingKey } from "./well-known.ts";

/** A GraphQL operation as the caller sent it; not validated against any schema yet. */
export interface ArcOperation {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What the owner of the socket is to do: start the operation of that id, or stop it. */
export type ArcServerEvent =
  | { readonly kind: "subscribed"; readonly id: string; readonly operation: ArcOperation }
  | { readonly kind: "cancelled"; readonly id: string };

/** Why a socket is closed. */
export interface ArcClosing {
  /** Undefined where the caller gets no close code: what it sent is no frame at all. */
  readonly code: number | undefined;
  /** Only a log tells it where there is no code. */
  readonly reason: string;
}

/** Frames to send, in order, what happened, and whether to close the socket after that. */
export interface ArcServerStep {
  readonly send: readonly string[];
  readonly events: readonly ArcServerEvent[];
  readonly close?: ArcClosing | undefined;
}

/** Why an operation failed. */
export interface ArcError {
  readonly message: string;
  /** Where in its document. */
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** One socket from the agent's side. */
export interface ArcServer {
  /** How many operations are open. */
  readonly operations: number;
  /** A text frame came. Never throws. */
  receive(frame: string): ArcServerStep;
  /** The handshake's time is over: closes with 4408 unless it was done. */
  expireHandshake(): ArcServerStep;
  /** Tells a caller that shares the socket among operations that no more of them are begun. */
  drain(): ArcServerStep;
  /** One result of an operation: a GraphQL `{ data, errors }`. */
  next(id: string, payload: unknown): ArcServerStep;
  /** The operation failed and is over. */
  error(id: string, errors: readonly ArcError[]): ArcServerStep;
  /** The operation is over. */
  complete(id: string): ArcServerStep;
}

/** Bounds of a socket. */
export interface ArcServerOptions {
  /** {@link defaultFrameLimits} unless given; `turnBytes` isn't used on this side. */
  readonly limits?: FrameLimits | undefined;
  /** Operations open at once; {@link defaultMaxOperations} unless given. One more gets an `error` frame. */
  readonly maxOperations?: number | undefined;
}

/** Operations open at once on a socket. */
export const defaultMaxOperations = 16;

/**
 * `extensions.code` of an `error` for an operation that was not begun, as the agent is about to stop: it may be asked of
 * another one.
 */
export const notBegunCode = "NOT_BEGUN";

/** Close codes of graphql-transport-ws. */
export const arcCloseCode = {
  badRequest: 4400,
  unauthorized: 4401,
  handshakeTimeout: 4408,
  subscriberExists: 4409,
  tooManyHandshakes: 4429,
  serverError: 1011,
} as const;

/** Creates the answering side of one socket. */
export function createArcServer(options: ArcServerOptions = {}): ArcServer {
  return new ArcServerMachine(options);
}

const nothing: ArcServerStep = { send: [], events: [] };
/** ARC's reason for a frame whose type is none that a caller may send. */
const invalidOperation = "Invalid operation";

/** Jackson, which reads the frames of the original, takes a number or a truth value for its text. */
const textSchema = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);
const maxIdLength = 256;

const subscribeSchema = z.object({
  id: textSchema,
  payload: z.object({
    query: textSchema.default(""),
    operationName: textSchema.nullish().transform((name) => name ?? undefined),
    variables: z
      .record(z.string(), z.unknown())
      .nullish()
      .transform((variables) => variables ?? {}),
  }),
});

class ArcServerMachine implements ArcServer {
  readonly #limits: FrameLimits;
  readonly #maxOperations: number;
  readonly #open = new Set<string>();
  #state: "waiting" | "acknowledged" | "closed" = "waiting";
  /** Answers to our own pings that have not come yet. */
  #owedPongs = 0;

  constructor(options: ArcServerOptions) {
    this.#limits = options.limits ?? defaultFrameLimits;
    this.#maxOperations = options.maxOperations ?? defaultMaxOperations;
  }

  get operations(): number {
    return this.#open.size;
  }

  receive(text: string): ArcServerStep {
    if (this.#state === "closed") return nothing;
    const frame = parseFrame(text, this.#limits);
    if (frame.kind === "unreadable") return this.#closeUnreadable(frame.fault, frame.reason);
    switch (frame.type) {
      case "connection_init":
        return this.#onInit();
      case "ping":
        return sending({ type: "pong" });
      case "pong":
        return this.#onPong();
      case "subscribe":
        return this.#onSubscribe(frame.fields);
      case "complete":
        return this.#onComplete(frame.fields["id"]);
      default:
        return this.#close("badRequest", invalidOperation);
    }
  }

  expireHandshake(): ArcServerStep {
    if (this.#state !== "waiting") return nothing;
    return this.#close("handshakeTimeout", "Connection initialisation timeout");
  }

  drain(): ArcServerStep {
    if (this.#state !== "acknowledged") return nothing;
    this.#owedPongs++;
    return sending({ type: "ping", payload: { [drainingKey]: true } });
  }

  next(id: string, payload: unknown): ArcServerStep {
    return this.#open.has(id) ? sending({ id, payload, type: "next" }) : nothing;
  }

  error(id: string, errors: readonly ArcError[]): ArcServerStep {
    return this.#open.delete(id) ? failing(id, errors) : nothing;
  }

  complete(id: string): ArcServerStep {
    return this.#open.delete(id) ? sending({ id, type: "complete" }) : nothing;
  }

  #onInit(): ArcServerStep {
    if (this.#state === "acknowledged") {
      return this.#close("tooManyHandshakes", "Too many initialisation requests");
    }
    this.#state = "acknowledged";
    return sending({ type: "connection_ack" });
  }

  #onSubscribe(fields: Readonly<Record<string, unknown>>): ArcServerStep {
    if (this.#state !== "acknowledged") return this.#close("unauthorized", "Unauthorized");
    const subscribe = subscribeSchema.safeParse(fields);
    if (!subscribe.success) return this.#cut(`subscribe ${firstIssueText(subscribe.error)}`);
    const { id, payload } = subscribe.data;
    if (id.length > maxIdLength)
      return this.#close("badRequest", `id has more than ${maxIdLength} characters`);
    if (this.#open.has(id)) return this.#close("subscriberExists", `Subscriber for ${id} already exists`);
    if (this.#open.size >= this.#maxOperations) return tooManyOperations(id, this.#maxOperations);
    this.#open.add(id);
    return { send: [], events: [{ kind: "subscribed", id, operation: payload }] };
  }

  #onComplete(given: unknown): ArcServerStep {
    const { success, data: id } = textSchema.safeParse(given);
    if (!success) return this.#cut("complete has no id");
    return this.#open.delete(id) ? { send: [], events: [{ kind: "cancelled", id }] } : nothing;
  }

  #onPong(): ArcServerStep {
    if (this.#owedPongs === 0) return this.#close("badRequest", invalidOperation);
    this.#owedPongs--;
    return nothing;
  }

  #closeUnreadable(fault: FrameFault, reason: string): ArcServerStep {
    if (fault === "json") return this.#cut(reason);
    return this.#close("badRequest", fault === "type" ? invalidOperation : reason);
  }

  #close(code: keyof typeof arcCloseCode, reason: string): ArcServerStep {
    // A close frame holds at most 123 bytes of reason.
    return this.#end({ code: arcCloseCode[code], reason: asciiOnly(reason).slice(0, 120) });
  }

  #cut(reason: string): ArcServerStep {
    return this.#end({ code: undefined, reason });
  }

  /** Closing stops whatever is still open. */
  #end(close: ArcClosing): ArcServerStep {
    const events = [...this.#open].map((id): ArcServerEvent => ({ kind: "cancelled", id }));
    this.#state = "closed";
    this.#open.clear();
    return { send: [], events, close };
  }
}

function tooManyOperations(id: string, limit: number): ArcServerStep {
  const message = `This socket already has ${limit} open operations, which is the limit`;
  return failing(id, [{ message }]);
}

function asciiOnly(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}

/** As ARC does it: its `complete` is more than the protocol asks for, and those who wait for it know that nothing follows. */
function failing(id: string, errors: readonly ArcError[]): ArcServerStep {
  return sending({ id, payload: errors, type: "error" }, { id, type: "complete" });
}

/** Members in the order of the original's frames. */
function sending(...frames: readonly Readonly<Record<string, unknown>>[]): ArcServerStep {
  return { send: frames.map((frame) => JSON.stringify(frame)), events: [] };
}
