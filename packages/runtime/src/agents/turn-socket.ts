/**
 * The socket of one turn: feeds frames to the protocol's state machine and turns whatever happens to the socket into
 * replies. It ends with exactly one `completed` or `failed`; what comes later is dropped.
 */
import type { Clock, IdSource } from "@lmos/primitives";
import {
  type ArcClient,
  type ArcClientEvent,
  type ArcClientStep,
  arcSubprotocol,
  createArcClient,
  defaultFrameLimits,
  subsetHeader,
} from "@lmos/protocol";
import { type RawData, WebSocket } from "ws";
import type { RuntimeLimits } from "../limits.ts";
import type { AgentCall, AgentFault, AgentReply } from "./agent-connection.ts";
import { watchSocket } from "./keep-alive.ts";
import { ReplyBuffer } from "./reply-buffer.ts";
import { faultOfHandshake, faultOfSocketError } from "./socket-fault.ts";

/** The bounds that concern a socket. */
export type TurnSocketLimits = Pick<
  RuntimeLimits,
  "connectMs" | "pingAfterMs" | "pongWithinMs" | "bufferedBytes"
>;

/** Milliseconds until a socket whose closing the agent doesn't confirm is dropped. */
const closeTimeout = 5000;

/** Why a socket is no longer watched; made once, because it is needed for each turn. */
const ended = new Error("the turn is over");

/** One turn on one socket. Every use ends with {@link TurnSocket.close}. */
export class TurnSocket {
  readonly #client: ArcClient;
  readonly #socket: WebSocket;
  readonly #replies: ReplyBuffer;
  readonly #watch = new AbortController();
  #sent = false;
  #ended = false;
  #receivedBytes = 0;

  constructor(
    call: AgentCall,
    options: { readonly clock: Clock; readonly ids: IdSource; readonly limits: TurnSocketLimits },
  ) {
    this.#client = createArcClient({ operationId: options.ids.next(), request: call.request });
    this.#socket = openSocket(call, options.limits);
    this.#replies = new ReplyBuffer(options.limits.bufferedBytes, this.#socket);
    this.#listen(options);
  }

  /** The next reply. */
  next(): Promise<AgentReply> {
    return this.#replies.next();
  }

  /** Tells the agent to stop; a waiting {@link TurnSocket.next} rejects with `reason`. */
  cancel(reason: unknown): void {
    this.close();
    this.#replies.fail(reason);
  }

  /** Ends the turn, cancelling it at the agent unless it is over. */
  close(): void {
    if (!this.#ended) {
      this.#ended = true;
      this.#send(this.#client.cancel());
    }
    this.#watch.abort(ended);
    this.#socket.resume(); // the closing handshake of a paused socket would never be read
    this.#socket.close(1000);
  }

  #listen({ clock, limits }: { readonly clock: Clock; readonly limits: TurnSocketLimits }): void {
    const socket = this.#socket;
    socket.on("open", () => {
      this.#apply(this.#client.open(), 0);
      watchSocket(socket, {
        clock,
        limits,
        signal: this.#watch.signal,
        isPaused: () => this.#replies.paused,
        onUnresponsive: () => this.#abandon({ kind: "unresponsive" }),
      });
    });
    socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on("unexpected-response", (request, response) => {
      this.#fail(faultOfHandshake(response));
      request.destroy();
    });
    socket.on("error", (error) => this.#fail(faultOfSocketError(error, this.#sent)));
    socket.on("close", (closeCode) => {
      this.#watch.abort(ended);
      this.#fail(this.#sent ? { kind: "interrupted", closeCode } : { kind: "unavailable" });
    });
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    const text = data.toString();
    this.#receivedBytes += text.length;
    if (isBinary) this.#fail({ kind: "protocol", reason: "frame is binary" });
    else if (this.#receivedBytes > defaultFrameLimits.turnBytes) this.#fail({ kind: "tooLarge" });
    else this.#apply(this.#client.receive(text), text.length);
  }

  #apply(step: ArcClientStep, bytes: number): void {
    this.#send(step);
    for (const event of step.events) this.#onEvent(event, bytes);
  }

  #onEvent(event: ArcClientEvent, bytes: number): void {
    switch (event.kind) {
      case "acknowledged":
        this.#sent = true;
        return;
      case "result":
        this.#replies.push({ kind: "result", result: event.result }, bytes);
        return;
      case "completed":
        this.#end({ kind: "completed" });
        return;
      case "failed":
        this.#fail({ kind: "error", errors: event.errors });
        return;
      case "violation":
        this.#fail({ kind: "protocol", reason: event.reason });
        return;
      default:
        event satisfies never;
    }
  }

  #send({ send }: ArcClientStep): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    for (const frame of send) this.#socket.send(frame);
  }

  /** The other side is gone: no closing handshake would come back. */
  #abandon(fault: AgentFault): void {
    this.#fail(fault);
    this.#socket.terminate();
  }

  #fail(fault: AgentFault): void {
    this.#end({ kind: "failed", fault, sent: this.#sent });
  }

  #end(reply: AgentReply): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#watch.abort(ended);
    this.#replies.push(reply, 0);
  }
}

function openSocket(call: AgentCall, limits: TurnSocketLimits): WebSocket {
  const options = {
    headers: { [subsetHeader]: call.subset },
    handshakeTimeout: limits.connectMs,
    maxPayload: defaultFrameLimits.frameBytes,
    perMessageDeflate: false,
    closeTimeout,
  };
  return new WebSocket(call.url, [arcSubprotocol], options);
}
