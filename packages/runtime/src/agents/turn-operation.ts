/**
 * One turn on an agent's socket: feeds frames to the protocol's state machine and turns whatever happens into replies.
 * It ends with exactly one `completed` or `failed`; what comes later is dropped.
 */
import {
  type ArcClient,
  type ArcClientEvent,
  type ArcClientStep,
  createArcClient,
  defaultFrameLimits,
  type ParsedFrame,
} from "@lmos/protocol";
import type { AgentCall, AgentFault, AgentReply, ReplyReader } from "./agent-connection.ts";
import type { AgentSocket } from "./agent-socket.ts";
import { type FlowControl, ReplyBuffer } from "./reply-buffer.ts";
import type { SocketUser } from "./socket-users.ts";

/** A later turn on a socket is told the acknowledgement that the first one got: an agent gives it once. */
const acknowledgement = '{"type":"connection_ack"}';

/** What an operation is made of. */
export interface TurnOperationOptions {
  readonly socket: AgentSocket;
  readonly operationId: string;
  readonly bufferedBytes: number;
}

/**
 * Bytes of an answer that may wait for a slow reader while others read from the same socket, which cannot be paused for one
 * alone: more of it is given up.
 */
const sharedUnreadBytes = 256 * 1024;

/** Runs from its construction; {@link TurnOperation.end} must be called in the end. */
export class TurnOperation implements SocketUser, FlowControl {
  readonly operationId: string;
  readonly #client: ArcClient;
  readonly #socket: AgentSocket;
  readonly #replies: ReplyBuffer;
  #sent = false;
  #answering = false;
  #ended = false;
  /** The agent is done with it, too. */
  #over = false;
  #cancelled = false;
  #receivedBytes = 0;

  constructor(
    { request }: Pick<AgentCall, "request">,
    { socket, operationId, bufferedBytes }: TurnOperationOptions,
  ) {
    this.operationId = operationId;
    this.#client = createArcClient({ operationId, request });
    this.#socket = socket;
    this.#replies = new ReplyBuffer(bufferedBytes, this);
    socket.use(this);
  }

  get paused(): boolean {
    return this.#replies.paused;
  }

  /** The reader gets the next reply. */
  read(reader: ReplyReader<AgentReply>): void {
    this.#replies.read(reader);
  }

  /** Ends the turn; true when the socket can serve another one, else it is closed, and the turn cancelled with it. */
  end(): boolean {
    this.#cancelAtAgent();
    if (!this.#socket.open || !this.#mayStay()) return false;
    this.#socket.release(this);
    return true;
  }

  onOpen(): void {
    const handshake = this.#client.open();
    if (this.#socket.acknowledged) this.#apply(this.#client.receive(acknowledgement), 0);
    else this.#apply(handshake, 0);
  }

  onFrame(frame: ParsedFrame, bytes: number): void {
    if (this.#ended) {
      this.#onLate(frame);
      return;
    }
    this.#receivedBytes += bytes;
    const isBehind = this.#replies.bytes > sharedUnreadBytes && this.#socket.shared;
    if (this.#receivedBytes > defaultFrameLimits.turnBytes) this.onFault({ kind: "tooLarge" });
    else if (isBehind) this.#giveUp();
    else this.#apply(this.#client.receiveFrame(frame, bytes), bytes);
  }

  /** What comes after the end is dropped; what cannot be read then would be the next turn's fault. */
  #onLate(frame: ParsedFrame): void {
    if (frame.kind === "unreadable") this.#socket.retire();
  }

  onFault(fault: AgentFault): void {
    const repeatable = !this.#sent || (this.#socket.idempotent && !this.#answering);
    this.#end({ kind: "failed", fault, repeatable });
  }

  onFlow(): void {
    this.#socket.flow();
  }

  #apply(step: ArcClientStep, bytes: number): void {
    for (const frame of step.send) this.#socket.send(frame);
    for (const event of step.events) this.#onEvent(event, bytes);
  }

  #onEvent(event: ArcClientEvent, bytes: number): void {
    switch (event.kind) {
      case "acknowledged":
        this.#socket.acknowledged = true;
        this.#sent = true;
        return;
      case "result":
        this.#answering = true;
        this.#replies.push({ kind: "result", result: event.result }, bytes);
        return;
      case "completed":
        this.#over = true;
        this.#end({ kind: "completed" });
        return;
      case "failed":
        this.#over = true;
        if (event.notBegun === true) this.#onNotBegun();
        else this.onFault({ kind: "error", errors: event.errors });
        return;
      case "violation":
        this.#socket.retire();
        this.onFault({ kind: "protocol", reason: event.reason });
        return;
      default:
        event satisfies never;
    }
  }

  /** The agent is told at once: the reader, who is slow, may not hear of it for long. */
  #giveUp(): void {
    this.onFault({ kind: "unread" });
    this.#cancelAtAgent();
  }

  #onNotBegun(): void {
    this.#socket.retire();
    this.#end({ kind: "failed", fault: { kind: "notBegun" }, repeatable: true });
  }

  /** Where operations share a socket, one of them is cancelled by its frame, else by the closing of the socket. */
  #cancelAtAgent(): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended = true;
    const [frame] = this.#client.cancel().send;
    if (frame !== undefined) this.#socket.send(frame);
    else if (this.#sent) this.#socket.send(JSON.stringify({ type: "complete", id: this.operationId }));
    this.#cancelled = true;
    if (!this.#mayStay()) this.#socket.close();
  }

  #mayStay(): boolean {
    return !this.#cancelled || this.#socket.shared;
  }

  #end(reply: AgentReply): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#replies.push(reply, 0);
  }
}
