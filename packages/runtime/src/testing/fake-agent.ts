/**
 * An agent on a real socket whose behaviour is chosen by the user's message, as the stub of the recorded exchanges did:
 * a message that starts with `!name` runs that script, anything else is answered at once.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** One frame or event that the agent saw. */
export interface Seen {
  readonly kind: "upgrade" | "frame" | "close";
  readonly headers?: IncomingMessage["headers"];
  readonly frame?: Readonly<Record<string, unknown>>;
  /** Subset of the socket that the frame came over. */
  readonly subset?: string | undefined;
  readonly code?: number;
}

/** A running fake agent. */
export interface FakeAgent extends AsyncDisposable {
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Sockets that are open now. */
  readonly openSockets: number;
  /** Resolves when something was seen that `matches`. */
  whenSeen(matches: (seen: Seen) => boolean): Promise<Seen>;
  /** Lets turns of `!wait` be answered. */
  release(): void;
  /** Cuts all connections. */
  dropSockets(): void;
  /** Reads nothing any more from the sockets that are open now, as if their machine were gone. */
  freezeSockets(): void;
  /** Sends a text on all sockets. */
  sendToAll(text: string): void;
}

interface Operation {
  readonly id: string;
  readonly text: string;
  readonly streaming: boolean;
  readonly socket: WebSocket;
  readonly name: string;
  readonly controls: Controls;
}

interface Controls {
  readonly released: PromiseWithResolvers<void>;
}

type Script = (operation: Operation) => void;

/** Starts a fake agent on a free port of loopback. */
export async function startFakeAgent(
  options: {
    readonly name?: string;
    readonly refuseUpgradeWith?: string;
    readonly neverAcknowledge?: boolean;
    /** Says that a turn which it knows does nothing a second time. */
    readonly idempotent?: boolean;
    /** Says that it takes so many operations at once on a socket. */
    readonly operations?: number;
  } = {},
): Promise<FakeAgent> {
  const journal = new Journal();
  const controls: Controls = { released: Promise.withResolvers() };
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("headers", (headers) => {
    if (options.idempotent === true) headers.push("x-lmos-turns: idempotent");
    if (options.operations !== undefined) headers.push(`x-lmos-operations: ${options.operations}`);
  });
  server.on("upgrade", (request, stream, head) => {
    journal.add({ kind: "upgrade", headers: request.headers });
    if (options.refuseUpgradeWith !== undefined) {
      stream.end(`HTTP/1.1 ${options.refuseUpgradeWith}\r\nretry-after: 7\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) =>
      serveSocket(socket, journal, { ...options, controls, subset: oneOf(request.headers["x-subset"]) }),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    seen: journal.seen,
    get openSockets() {
      return sockets.clients.size;
    },
    whenSeen: (matches) => journal.whenSeen(matches),
    release: () => controls.released.resolve(),
    dropSockets: () => sockets.clients.forEach((socket) => void socket.terminate()),
    freezeSockets: () => sockets.clients.forEach((socket) => void socket.pause()),
    sendToAll: (text) => sockets.clients.forEach((socket) => void socket.send(text)),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

class Journal {
  readonly seen: Seen[] = [];
  #waiting: { readonly matches: (seen: Seen) => boolean; readonly resolve: (seen: Seen) => void }[] = [];

  add(seen: Seen): void {
    this.seen.push(seen);
    for (const waiter of this.#waiting.filter(({ matches }) => matches(seen))) waiter.resolve(seen);
    this.#waiting = this.#waiting.filter(({ matches }) => !matches(seen));
  }

  whenSeen(matches: (seen: Seen) => boolean): Promise<Seen> {
    const found = this.seen.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    const { promise, resolve } = Promise.withResolvers<Seen>();
    this.#waiting.push({ matches, resolve });
    return promise;
  }
}

function serveSocket(
  socket: WebSocket,
  journal: Journal,
  options: {
    readonly name?: string;
    readonly neverAcknowledge?: boolean;
    readonly controls: Controls;
    readonly subset: string | undefined;
  },
): void {
  socket.on("error", () => undefined);
  socket.on("close", (code) => journal.add({ kind: "close", code }));
  socket.on("message", (data) => {
    const frame = JSON.parse(data.toString());
    journal.add({ kind: "frame", frame, subset: options.subset });
    if (frame.type === "connection_init" && options.neverAcknowledge !== true) {
      socket.send('{"type":"connection_ack"}');
    }
    if (frame.type !== "subscribe") return;
    const { request } = frame.payload.variables;
    const text: string = request.messages.at(-1)?.content ?? "";
    const streaming = request.systemContext.some(({ key }: { key: string }) => key === "lmos.streaming");
    const script = scripts[/^!(\w+)/.exec(text)?.[1] ?? ""] ?? answer;
    script({
      id: frame.id,
      text,
      streaming,
      socket,
      name: options.name ?? "agent-0",
      controls: options.controls,
    });
  });
}

/** What follows the name of the script. */
function restOf(text: string): string {
  return text.slice(text.indexOf(" ") + 1);
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

function send(socket: WebSocket, frame: unknown): void {
  socket.send(JSON.stringify(frame));
}

function next(operation: Operation, agent: unknown): void {
  send(operation.socket, { type: "next", id: operation.id, payload: { data: { agent } } });
}

function complete({ socket, id }: Operation): void {
  send(socket, { type: "complete", id });
}

function result(type: string | undefined, content: string, context: unknown = null): unknown {
  const messages = [{ content, format: "text", role: "assistant" }];
  const head = { status: null, type, responseTime: 0.001, toolCalls: null };
  return { ...head, context, anonymizationEntities: null, messages };
}

/** As ARC 0.126 writes it. */
function oldResult(content: string, more: { readonly status: string | null; readonly context: unknown }) {
  const messages = [{ content, format: "text", role: "assistant" }];
  return { ...more, responseTime: 0.001, anonymizationEntities: [], messages };
}

const answer: Script = (operation) => {
  if (operation.streaming) {
    for (const piece of [`${operation.name}: `, operation.text]) {
      next(operation, result("INTERMEDIATE_MESSAGE", piece, [{ key: "lmos.intermediate", value: "delta" }]));
    }
  }
  next(operation, result("MESSAGE", `${operation.name}: ${operation.text}`));
  complete(operation);
};

const scripts: Readonly<Record<string, Script>> = {
  hang: () => undefined,
  error: (operation) => {
    send(operation.socket, { type: "error", id: operation.id, payload: [{ message: "stub failure" }] });
    complete(operation);
  },
  /** Fails with what it was told, in each way in which an agent can say that it fails. */
  quoteerror: ({ socket, id, text }) => {
    send(socket, { type: "error", id, payload: [{ message: text, extensions: { code: text } }] });
  },
  quoteresult: (operation) => {
    next(operation, result("ERROR", operation.text, [{ key: operation.text, value: operation.text }]));
    complete(operation);
  },
  quotetype: (operation) => {
    next(operation, result(operation.text, operation.text));
    complete(operation);
  },
  quotegarbage: ({ socket, text }) => socket.send(text),
  quoteclose: ({ socket, text }) => socket.close(4500, text.slice(0, 30)),
  quotepayload: ({ socket, id, text }) =>
    send(socket, { type: "next", id, payload: { data: { agent: text } } }),
  quotestatus: (operation) => {
    const quoted = { ...Object(result("MESSAGE", "hello")), status: operation.text };
    next(operation, quoted);
    complete(operation);
  },
  /** Answers with the result that the rest of the message is. */
  say: (operation) => {
    next(operation, JSON.parse(restOf(operation.text)));
    complete(operation);
  },
  /** Sends the frames that the rest of the message is, a line each, with its id in place of `$id`. */
  frames: ({ socket, id, text }) => {
    for (const frame of restOf(text).split("\n")) socket.send(frame.replace("$id", id));
  },
  close: ({ socket }) => socket.close(4500, "stub"),
  drop: ({ socket }) => socket.terminate(),
  empty: complete,
  nexterror: ({ socket, id }) => {
    send(socket, { type: "next", id, payload: { data: null, errors: [{ message: "field failure" }] } });
  },
  ping: (operation) => {
    send(operation.socket, { type: "ping" });
    answer(operation);
  },
  intermediate: (operation) => {
    next(operation, result("INTERMEDIATE_MESSAGE", "working on it"));
    next(operation, result("MESSAGE", `${operation.name}: done`));
    complete(operation);
  },
  untyped: (operation) => {
    next(operation, result(undefined, "working on it"));
    next(operation, result(undefined, `${operation.name}: done`));
    complete(operation);
  },
  event: (operation) => {
    next(operation, { type: "EVENT", responseTime: 0, messages: [] });
    answer(operation);
  },
  errtype: (operation) => {
    next(operation, result("ERROR", "error text"));
    complete(operation);
  },
  old: (operation) => {
    const message =
      "Validation error (FieldUndefined@[agent/type]) : Field 'type' in type 'AgentResult' is undefined";
    if (!operation.id.endsWith("-fallback")) {
      send(operation.socket, { type: "error", id: operation.id, payload: [{ message }] });
      return;
    }
    next(operation, oldResult(`${operation.name}: ${operation.text}`, { status: "null", context: [] }));
    // the real one's messages on the way are sent by a task of their own, and may come last
    next(operation, oldResult("working on it", { status: null, context: null }));
    complete(operation);
  },
  garbage: ({ socket }) => socket.send("\u0000 not json"),
  /** Goes on after the end of its answer. */
  babble: (operation) => {
    answer(operation);
    operation.socket.send("not json");
  },
  binary: ({ socket }) => socket.send(Buffer.from([1, 2, 3])),
  huge: (operation) => next(operation, result("MESSAGE", "x".repeat(300 * 1024))),
  stopping: ({ socket, id }) => {
    const payload = [{ message: "about to stop", extensions: { code: "NOT_BEGUN" } }];
    send(socket, { type: "error", id, payload });
  },
  flood: (operation) => {
    for (let i = 0; i < 30; i++) next(operation, result("INTERMEDIATE_MESSAGE", "x".repeat(200 * 1024)));
  },
  wait: (operation) => {
    const answerLate = (): void => {
      next(operation, result("MESSAGE", `${operation.name}: waited`));
      complete(operation);
    };
    operation.controls.released.promise.then(answerLate, () => undefined);
  },
  pieces: (operation) => {
    const piece = "x".repeat(30 * 1024);
    for (let i = 0; i < 100; i++) next(operation, result("INTERMEDIATE_MESSAGE", `${i} ${piece}`));
    complete(operation);
  },
  half: (operation) => {
    next(operation, result("INTERMEDIATE_MESSAGE", "half", [{ key: "lmos.intermediate", value: "delta" }]));
    operation.socket.terminate();
  },
  forge: (operation) => {
    next(operation, result("MESSAGE", "a\n\nevent: turn-end\ndata: {}\n\n"));
    complete(operation);
  },
};
