/** Reads event streams, whole, cut after some bytes, or not at all. */
import { connect, type Socket } from "node:net";

/** One event as it was read. */
export interface ReadEvent {
  readonly id: number;
  readonly kind: string;
  readonly data: string;
}

/** What is sent. */
export interface StreamCall {
  readonly port: number;
  readonly turnId: string;
  readonly content: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The bytes of a request for a stream, over HTTP/1.0 so that the answer is not in chunks. */
function requestText({ turnId, content, headers = {} }: StreamCall): string {
  const body = JSON.stringify({
    inputContext: { messages: [{ role: "user", content }], explicitAgent: "agent" },
    systemContext: { channelId: "web" },
    userContext: { userId: "u1" },
  });
  const all = {
    host: "runtime",
    accept: "text/event-stream",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "x-turn-id": turnId,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /apis/v1/acme/chat/c-${turnId}/message HTTP/1.0\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Reads until the end, or until so many bytes of the answer have come; then the connection is cut. */
export function readStream(
  call: StreamCall,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<readonly ReadEvent[]> {
  const { promise, resolve } = Promise.withResolvers<readonly ReadEvent[]>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const socket = connect(call.port, "127.0.0.1");
  const end = (): void => {
    socket.destroy();
    resolve(eventsIn(Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8")));
  };
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= maxBytes) end();
  });
  socket.on("error", end);
  socket.on("close", end);
  socket.write(requestText(call));
  return promise;
}

/** Asks for a stream and never reads a byte of it. */
export function openStalled(call: StreamCall): Socket {
  const socket = connect(call.port, "127.0.0.1");
  socket.pause();
  socket.on("error", () => undefined);
  socket.write(requestText(call));
  return socket;
}

/** Whole events only: a client takes no half ones. */
function eventsIn(text: string): readonly ReadEvent[] {
  const whole = text.slice(text.indexOf("\r\n\r\n") + 4, text.lastIndexOf("\n\n") + 2);
  return [...whole.matchAll(/^id: (\d+)\nevent: (.*)\ndata: (.*)\n\n/gm)].map(
    ([, id, kind = "", data = ""]) => ({
      id: Number(id),
      kind,
      data,
    }),
  );
}
