import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ArcDoor, type ArcDoorOptions, type OpenedSocket } from "./arc-door.ts";

const refused: OpenedSocket = {
  start: async () => ({ kind: "refused", errors: [] }),
};
let stack: AsyncDisposableStack;
let clock: FakeClock;

beforeEach(() => {
  stack = new AsyncDisposableStack();
  clock = new FakeClock();
});
afterEach(() => stack.disposeAsync());

/** A door on a server of its own. */
async function openDoor(options: Partial<ArcDoorOptions> = {}) {
  const door = new ArcDoor({
    open: () => refused,
    describe: ({ status, title, reason }) => ({
      contentType: "application/json",
      body: { status, title, reason },
    }),
    otherSubprotocols: "refuse",
    maxSockets: 2,
    handshakeTimeoutMs: 10_000,
    clock,
    logger: silentLogger,
    ...options,
  });
  const server = createServer().listen(0, "127.0.0.1");
  server.on("upgrade", (request, stream, head) => door.onUpgrade(request, stream, head));
  await once(server, "listening");
  stack.defer(() => {
    door.terminate();
    server.close();
  });
  const address = server.address();
  return { door, port: typeof address === "object" && address !== null ? address.port : 0 };
}

/** A caller that has shaken hands, with the frames that come. */
async function call(port: number) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/subscriptions`);
  stack.defer(() => socket.terminate());
  const frames: Record<string, unknown>[] = [];
  socket.on("message", (data) => frames.push(JSON.parse(String(data))));
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init" }));
  await expect.poll(() => frames.shift()).toEqual({ type: "connection_ack" });
  const subscribe = (id: string) =>
    socket.send(JSON.stringify({ type: "subscribe", id, payload: { query: "{ __typename }" } }));
  return { socket, frames, subscribe };
}

async function closeCodeOf(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, "close");
  return code;
}

/** What a request for an upgrade is answered. */
async function answerTo(port: number, path: string, protocols?: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const lines = [
    `GET ${path} HTTP/1.1`,
    "Host: localhost",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(protocols === undefined ? [] : [`Sec-WebSocket-Protocol: ${protocols}`]),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

describe("an upgrade", () => {
  it.each([
    { name: "of another path", path: "/elsewhere", says: "404 Not Found" },
    { name: "for another protocol", path: "/subscriptions", protocols: "chat", says: "400 Bad Request" },
    { name: "that the server refuses", path: "/subscriptions?bad", says: "400 Bad Request" },
  ])("$name is refused in the server's wording", async ({ path, protocols, says }) => {
    const { port } = await openDoor({
      refuse: ({ url }) => (url?.includes("bad") ? { status: 400, reason: "bad" } : undefined),
    });
    const answer = await answerTo(port, path, protocols);
    expect(answer).toMatch(`HTTP/1.1 ${says}\r\n`);
    expect(answer).toMatch(/content-type: application\/json\r\n/i);
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ title: says.slice(4) });
  });

  it.each([
    { name: "without a sub-protocol", protocols: undefined },
    { name: "with the protocol's", protocols: "graphql-transport-ws" },
    { name: "with several, the protocol's among them", protocols: "chat, graphql-transport-ws" },
  ])("$name is taken", async ({ protocols }) => {
    const { port } = await openDoor();
    expect(await answerTo(port, "/subscriptions?a=b", protocols)).toMatch("HTTP/1.1 101 Switching Protocols");
  });

  it("for another protocol is taken where those are ignored, and the answer names none", async () => {
    const { port } = await openDoor({ otherSubprotocols: "ignore" });
    const answer = await answerTo(port, "/subscriptions", "chat");
    expect(answer).toMatch("HTTP/1.1 101 Switching Protocols");
    expect(answer).not.toMatch(/sec-websocket-protocol/i);
  });

  it("beyond the most is refused, until a socket has closed", async () => {
    const { door, port } = await openDoor({ maxSockets: 1 });
    const first = await call(port);
    expect(await answerTo(port, "/subscriptions")).toMatch(
      /503 Service Unavailable\r\n(.+\r\n)*Retry-After: 1\r\n/,
    );
    first.socket.close();
    await expect.poll(() => door.size).toBe(0);
    expect(await answerTo(port, "/subscriptions")).toMatch("101 Switching Protocols");
  });
});

describe("a socket", () => {
  it("hears the error of an operation that is refused, and goes on", async () => {
    const { port } = await openDoor();
    const { frames, subscribe } = await call(port);
    subscribe("1");
    subscribe("2");
    await expect
      .poll(() => frames.map(({ type, id }) => `${type} ${id}`))
      .toEqual(["error 1", "complete 1", "error 2", "complete 2"]);
  });

  it("of somebody who may not speak is closed with 4401", async () => {
    const { port } = await openDoor({ open: () => ({ start: async () => ({ kind: "unauthorized" }) }) });
    const { socket, subscribe } = await call(port);
    subscribe("1");
    expect(await closeCodeOf(socket)).toBe(4401);
  });

  it("whose frame is not admitted is closed with 4401", async () => {
    const { port } = await openDoor({
      open: () => ({ ...refused, admits: (frame) => !frame.includes("subscribe") }),
    });
    const { socket, subscribe } = await call(port);
    subscribe("1");
    expect(await closeCodeOf(socket)).toBe(4401);
  });

  it("is told nothing of what broke inside", async () => {
    const { port } = await openDoor({
      open: () => ({ start: () => Promise.reject(new Error("password=hunter2")) }),
    });
    const { frames, subscribe } = await call(port);
    subscribe("1");
    await expect.poll(() => frames).toHaveLength(2);
    expect(JSON.stringify(frames)).not.toMatch("hunter2");
  });

  it("aborts its operations when it closes", async () => {
    const aborted = Promise.withResolvers<void>();
    const { port } = await openDoor({
      open: () => ({
        start: (_operation, signal) => {
          signal.addEventListener("abort", () => aborted.resolve());
          return new Promise(() => undefined);
        },
      }),
    });
    const { socket, subscribe } = await call(port);
    subscribe("1");
    socket.terminate();
    await aborted.promise;
  });
});

describe("draining", () => {
  it("closes idle sockets at once, takes no new ones, and waits for an operation that runs", async () => {
    const answer = Promise.withResolvers<{ kind: "refused"; errors: [] }>();
    let begun = 0;
    const start = () => {
      begun += 1;
      return answer.promise;
    };
    const { door, port } = await openDoor({ open: () => ({ start }) });
    const [idle, busy] = [await call(port), await call(port)];
    busy.subscribe("1");
    await expect.poll(() => begun).toBe(1);
    let isDrained = false;
    const drained = door.drain().then(() => {
      isDrained = true;
    });
    expect(await closeCodeOf(idle.socket)).toBe(1001);
    expect(await answerTo(port, "/subscriptions")).toMatch(
      /503 Service Unavailable\r\n(.+\r\n)*Retry-After: 1\r\n/,
    );
    busy.subscribe("2");
    await expect
      .poll(() => busy.frames)
      .toMatchObject([
        { type: "error", id: "2" },
        { type: "complete", id: "2" },
      ]);
    expect(isDrained).toBe(false);
    answer.resolve({ kind: "refused", errors: [] });
    await drained;
    expect(busy.frames).toMatchObject([
      { id: "2" },
      { id: "2" },
      { type: "error", id: "1" },
      { type: "complete", id: "1" },
    ]);
  });
});

describe("sharing a socket among operations", () => {
  const asking = { headers: { "x-lmos-operations": "64" } };

  async function callWith(port: number, options: object) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/subscriptions`, options);
    stack.defer(() => socket.terminate());
    const frames: string[] = [];
    socket.on("message", (data) => frames.push(String(data)));
    const [[upgrade]] = await Promise.all([once(socket, "upgrade"), once(socket, "open")]);
    return { socket, frames, announced: upgrade.headers["x-lmos-operations"] };
  }

  it.each([
    { name: "is offered to who asks for it", sharesSockets: true, options: asking, announced: "16" },
    { name: "is not offered to others", sharesSockets: true, options: {}, announced: undefined },
    { name: "is not offered where it is not wanted", options: asking, announced: undefined },
  ])("$name", async ({ sharesSockets, options, announced }) => {
    const { port } = await openDoor({ sharesSockets });
    expect((await callWith(port, options)).announced).toBe(announced);
  });

  it.each([
    { name: "is told of the end", options: asking, told: ['{"type":"ping","payload":{"draining":true}}'] },
    { name: "not agreed, is told nothing", options: {}, told: [] },
  ])("with operations open, $name, and what is asked then was not begun", async ({ options, told }) => {
    const answer = Promise.withResolvers<{ kind: "refused"; errors: [] }>();
    const started = Promise.withResolvers<void>();
    const start = () => {
      started.resolve();
      return answer.promise;
    };
    const { door, port } = await openDoor({ sharesSockets: true, open: () => ({ start }) });
    const { socket, frames } = await callWith(port, options);
    const subscribe = (id: string) =>
      socket.send(JSON.stringify({ type: "subscribe", id, payload: { query: "{ __typename }" } }));
    socket.send('{"type":"connection_init"}');
    subscribe("1");
    await started.promise;
    const drained = door.drain();
    subscribe("2");
    await expect.poll(() => frames.some((frame) => frame.includes("NOT_BEGUN"))).toBe(true);
    expect(frames.filter((frame) => frame.includes("draining"))).toEqual(told);
    answer.resolve({ kind: "refused", errors: [] });
    await drained;
  });
});
