/** Clients on real sockets that send more than they may. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { maxDroppedBytes, silentLogger, systemIds } from "@lmos/primitives";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { createHttpServer, listen } from "./server.ts";

const app = createHttpServer({ logger: silentLogger, ids: systemIds });
let port: number;

beforeAll(async () => {
  app.post("/echo", async ({ body }) => ({ body }));
  ({ port } = await listen(app, { host: "127.0.0.1", port: 0 }));
});

afterAll(() => app.close());

interface Client {
  readonly socket: Socket;
  /** Resolves when what was answered so far ends with that text. */
  answered(end: string): Promise<string>;
}

function open(): Client {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  return {
    socket,
    answered: async (end) => {
      while (!text.endsWith(end)) await once(socket, "data");
      return text;
    },
  };
}

const head = "POST /echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
const tooLarge = 'send less."}';
const megabyte = "x".repeat(2 ** 20);

function write(socket: Socket, text: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.write(text, (error) => (error == null ? resolve() : reject(error)));
  return promise;
}

describe("a client that goes on sending what was refused", () => {
  test.each([
    {
      name: "of a length that it told",
      framing: "content-length: 5242880\r\n\r\n",
      piece: megabyte,
      end: "",
    },
    {
      name: "in chunks",
      framing: "transfer-encoding: chunked\r\n\r\n",
      piece: `100000\r\n${megabyte}\r\n`,
      end: "0\r\n\r\n",
    },
  ])("is heard out, and its connection takes the next request: $name", async ({ framing, piece, end }) => {
    const { socket, answered } = open();
    await write(socket, `${head}${framing}${piece}${piece}`);
    expect(await answered(tooLarge)).toMatch(/^HTTP\/1.1 413 /);
    for (let left = 3; left > 0; left--) await write(socket, piece);
    await write(socket, `${end}${head}content-length: 2\r\n\r\n{}`);
    expect(await answered('{"body":{}}')).toContain("HTTP/1.1 200 OK");
  });

  test("is heard out too where it wants the connection closed, which is done after that", async () => {
    const { socket, answered } = open();
    const ended = once(socket, "end");
    await write(socket, `${head}connection: close\r\ncontent-length: 5242880\r\n\r\n${megabyte}`);
    expect(await answered(tooLarge)).toMatch(/^HTTP\/1.1 413 /);
    for (let left = 4; left > 0; left--) await write(socket, megabyte);
    await ended;
  });

  test("without end is cut off in the end", async () => {
    const { socket, answered } = open();
    await write(socket, `${head}transfer-encoding: chunked\r\n\r\n`);
    const closed = new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
      socket.once("error", () => undefined);
    });
    const chunk = `100000\r\n${megabyte}\r\n`;
    let sent = 0;
    const send = (error?: Error | null): void => {
      if (error != null || socket.destroyed) return;
      sent += megabyte.length;
      socket.write(chunk, send);
    };
    send();
    await closed;
    expect(await answered(tooLarge)).toMatch(/^HTTP\/1.1 413 /);
    expect(sent).toBeGreaterThan(maxDroppedBytes);
  });

  test("is cut off at once where it announces more than will ever be heard", async () => {
    const { socket, answered } = open();
    const ended = once(socket, "end");
    await write(socket, `${head}content-length: ${2 ** 30}\r\n\r\n{`);
    await ended;
    expect(await answered(tooLarge)).toContain("connection: close");
  });
});
