/** A client of `/subscriptions` over a real socket: sends frames and waits for frames. */
import { once } from "node:events";
import { WebSocket } from "ws";

/** A frame that came. */
export type Frame = Readonly<Record<string, unknown>>;

/** An open socket and what came over it. */
export class GraphqlCaller implements Disposable {
  readonly socket: WebSocket;
  readonly #frames: Frame[] = [];
  readonly #closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.#frames.push(JSON.parse(data.toString()));
      this.#wake();
    });
    socket.on("close", (code, reason) => this.#closed.resolve({ code, reason: reason.toString() }));
    socket.on("error", () => undefined);
  }

  /** Connects without any handshake of the protocol. */
  static async open(
    url: string,
    subprotocols: readonly string[] = [],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GraphqlCaller> {
    const address = `${url.replace("http", "ws")}/subscriptions`;
    const caller = new GraphqlCaller(new WebSocket(address, [...subprotocols], { headers }));
    await once(caller.socket, "open");
    return caller;
  }

  /** Connects and shakes hands. */
  static async acknowledged(...address: Parameters<typeof GraphqlCaller.open>): Promise<GraphqlCaller> {
    const caller = await GraphqlCaller.open(...address);
    caller.send({ type: "connection_init" });
    await caller.next();
    return caller;
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next frame. */
  async next(): Promise<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves to the code with which the socket was closed. */
  async closed(): Promise<number> {
    return (await this.#closed.promise).code;
  }

  /** Resolves to the code with which the socket was closed, and the reason that was given. */
  ended(): Promise<{ readonly code: number; readonly reason: string }> {
    return this.#closed.promise;
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
