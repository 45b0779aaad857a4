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
} from "@lmos/protocol";
import type { AgentCall, AgentFault, AgentReply } from "./agent-connection.ts";
import type { AgentSocket, SocketUser } from "./agent-socket.ts";
import { ReplyBuffer } from "./reply-buffer.ts";

/** A later turn on a socket is told the acknowledgement that the first one got: an agent gives it once. */
const acknowledgement = '{"type":"connection_ack"}';

/** What an operation is made of. */
export interface TurnOperationOptions {
  readonly socket: AgentSocket;
  readonly operationId: string;
  readonly bufferedBytes: number;
}

/** Runs from its construction; {@link TurnOperation.end} must be called in the end. */
export class TurnOperation implements SocketUser {
  readonly #client: ArcClient;
  readonly #socket: AgentSocket;
  readonly #replies: ReplyBuffer;
  #sent = false;
  #answering = false;
  #ended = false;
  #reusable = false;
  #receivedBytes = 0;

  constructor(
    { request }: Pick<AgentCall, "request">,
    { socket, operationId, bufferedBytes }: TurnOperationOptions,
  ) {
    this.#client = createArcClient({ operationId, request });
    this.#socket = socket;
    this.#replies = new ReplyBuffer(bufferedBytes, socket);
    socket.use(this);
  }

  get paused(): boolean {
    return this.#replies.paused;
  }

  /** The next reply. */
  next(): Promise<AgentReply> {
    return this.#replies.next();
  }

  /** Tells the agent to stop; a waiting {@link TurnOperation.next} rejects with `reason`. */
  cancel(reason: unknown): void {
    this.#cancelAtAgent();
    this.#replies.fail(reason);
  }

  /** Ends the turn; true when the socket can serve another one, else it is closed, and the turn cancelled with it. */
  end(): boolean {
    if (this.#reusable && this.#socket.open) {
      this.#socket.release();
      return true;
    }
    this.#cancelAtAgent();
    return false;
  }

  onOpen(): void {
    const handshake = this.#client.open();
    if (this.#socket.acknowledged) this.#apply(this.#client.receive(acknowledgement), 0);
    else this.#apply(handshake, 0);
  }

  onText(text: string): void {
    if (this.#ended) return;
    this.#receivedBytes += text.length;
    if (this.#receivedBytes > defaultFrameLimits.turnBytes) this.onFault({ kind: "tooLarge" });
    else this.#apply(this.#client.receive(text), text.length);
  }

  onFault(fault: AgentFault): void {
    const repeatable = !this.#sent || (this.#socket.idempotent && !this.#answering);
    this.#end({ kind: "failed", fault, repeatable });
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
        this.#reusable = true;
        this.#end({ kind: "completed" });
        return;
      case "failed":
        this.#reusable = true;
        this.onFault({ kind: "error", errors: event.errors });
        return;
      case "violation":
        this.onFault({ kind: "protocol", reason: event.reason });
        return;
      default:
        event satisfies never;
    }
  }

  #cancelAtAgent(): void {
    if (!this.#ended) {
      this.#ended = true;
      for (const frame of this.#client.cancel().send) this.#socket.send(frame);
    }
    this.#socket.close();
  }

  #end(reply: AgentReply): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#replies.push(reply, 0);
  }
}
