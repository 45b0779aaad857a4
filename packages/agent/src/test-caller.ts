// For this package's tests: a caller over a real socket that sends frames and waits for frames.
import { once } from "node:events";
import { connect } from "node:net";
import { WebSocket } from "ws";

/** What a caller may set when it connects. */
export interface CallerOptions {
  readonly port: number;
  readonly subprotocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An open socket and what came over it. */
export class TestCaller implements Disposable {
  readonly socket: WebSocket;
  readonly #frames: Record<string, unknown>[] = [];
  #wake: () => void = () => undefined;
  #close: { readonly code: number; readonly reason: string } | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.#frames.push(JSON.parse(data.toString()));
      this.#wake();
    });
    socket.on("close", (code, reason) => {
      this.#close = { code, reason: reason.toString() };
      this.#wake();
    });
    socket.on("error", () => undefined);
  }

  /** Connects without any handshake of the protocol. */
  static async open({ port, subprotocols = [], headers = {} }: CallerOptions): Promise<TestCaller> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/subscriptions`, [...subprotocols], { headers });
    const caller = new TestCaller(socket);
    await once(socket, "open");
    return caller;
  }

  /** Connects and shakes hands. */
  static async acknowledged(options: CallerOptions): Promise<TestCaller> {
    const caller = await TestCaller.open(options);
    caller.send({ type: "connection_init" });
    await caller.next();
    return caller;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  subscribe(id: string, query: string, variables: unknown): void {
    this.send({ type: "subscribe", id, payload: { query, variables } });
  }

  /** The next frame. */
  async next(): Promise<Record<string, unknown>> {
    while (true) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      if (this.#close !== undefined) throw new Error(`socket closed with ${this.#close.code}`);
      await this.#change();
    }
  }

  /** The frames of an operation up to and including its end. */
  async untilEnd(): Promise<Record<string, unknown>[]> {
    const frames: Record<string, unknown>[] = [];
    while (true) {
      const frame = await this.next();
      frames.push(frame);
      if (frame["type"] === "complete") return frames;
    }
  }

  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    while (this.#close === undefined) await this.#change();
    return this.#close;
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Sends an upgrade request and gives the plain HTTP answer, for those that are refused. */
export function upgradeAnswer(port: number, path: string, headers: readonly string[] = []): Promise<string> {
  return httpAnswer(port, [
    `GET ${path} HTTP/1.1`,
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  ]);
}

/** Sends the lines of a request as they are, and gives the answer as far as its first piece. */
export async function httpAnswer(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}
