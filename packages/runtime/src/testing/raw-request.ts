/** Sends a request as it is written: with paths and headers that no client would let through. */
import { once } from "node:events";
import { connect } from "node:net";

/** A request. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** A list is a header that is given several times. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** What was answered. */
export interface RawAnswer {
  readonly status: number;
  /** Media type. */
  readonly type: string | null;
  readonly body: string;
}

/** Sends it over a connection of its own. */
export async function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => void chunks.push(chunk));
  socket.write(Buffer.concat([Buffer.from(headOf(request), "latin1"), request.body]));
  await once(socket, "end");
  return readAnswer(Buffer.concat(chunks));
}

function headOf({ method, path, headers, body }: RawRequest): string {
  const isFramed = body.length === 0 || "transfer-encoding" in headers;
  const framing = isFramed ? {} : { "content-length": String(body.length) };
  const all = { host: "127.0.0.1:8081", connection: "close", ...framing, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${String(each)}`),
  );
  return [`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

function readAnswer(bytes: Buffer): RawAnswer {
  const text = bytes.toString("utf8");
  const headEnd = text.indexOf("\r\n\r\n");
  const head = text.slice(0, headEnd);
  const body = text.slice(headEnd + 4);
  return {
    status: Number(head.split(" ", 2)[1]),
    type: /^content-type: *(.*)$/im.exec(head)?.[1] ?? null,
    body: /^transfer-encoding: *chunked/im.test(head) ? dechunked(body) : body,
  };
}

function dechunked(text: string): string {
  const [, size = "0", rest = ""] = /^([0-9a-f]+)\r\n(.*)$/is.exec(text) ?? [];
  const length = Number.parseInt(size, 16);
  return length === 0 ? "" : rest.slice(0, length) + dechunked(rest.slice(length + 2));
}
