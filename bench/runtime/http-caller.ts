/**
 * One keep-alive connection that sends requests of HTTP/1.1 one after the other. Written on bare sockets, because the
 * load generator shares the machine with what it measures: it should take as little of it as it can.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection of its own for each caller. */
export interface HttpCaller extends Disposable {
  /** Sends one request; rejects unless the answer is 200. */
  call(path: string, body: string): Promise<void>;
}

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

const headersEnd = "\r\n\r\n";

/** Connects to a port of loopback. */
export async function connectCaller(port: number): Promise<HttpCaller> {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  let waiting: Waiting | undefined;
  let received = "";
  socket.setEncoding("latin1");
  socket.on("data", (data: string) => {
    received += data;
    const status = statusOfComplete(received);
    if (status === undefined) return;
    received = "";
    if (status === "200") waiting?.resolve();
    else waiting?.reject(new Error(`status ${status}`));
  });
  socket.on("close", () => waiting?.reject(new Error("the connection was closed")));
  return {
    call: (path, body) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting = { resolve, reject };
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nx-turn-id: t\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return promise;
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** The status of an answer that is here to its last byte. */
function statusOfComplete(text: string): string | undefined {
  const end = text.indexOf(headersEnd);
  if (end < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
  return text.length >= end + headersEnd.length + length ? text.slice(9, 12) : undefined;
}
