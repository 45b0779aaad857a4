/**
 * An agent on a real socket that does what the message says: `!hang`, `!first` (one piece, then nothing), `!drop`,
 * `!frame <text>`, `!fuzz <seed> <count>`, `!raw <hex>` (bytes past the protocol), `!huge`, `!flood <KiB a piece>`, `!gated <KiB a piece>` (the same, once the gate is opened), `!drip <ms>` (pieces without end),
 * `!pieces <n>` (with a moment between them), `!wait <ms>`, `!moody <n>` (pieces, but for one turn of ten a fault); anything
 * else is answered at once. It keeps a ledger.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { Server as SecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { SeededRandom } from "@lmos/testing";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { fuzzedFrames } from "./fuzzed-frames.ts";

/** What a flood sends in all: twice what an answer may have. */
const floodKib = 8000;

/** What the agent knows of its turns. */
export interface AgentLedger {
  /** Turn ids as they were asked, repeats included. */
  readonly asked: readonly string[];
  /** When a turn that was not answered yet was cancelled, or its socket closed; `performance.now()` by turn id. */
  readonly ended: ReadonlyMap<string, number>;
  /** Requests for a WebSocket. */
  readonly upgrades: number;
}

/** A running agent. */
export interface ScriptedAgent extends AsyncDisposable {
  readonly port: number;
  readonly ledger: AgentLedger;
  readonly openSockets: number;
  /** Results that have left. */
  readonly sentFrames: number;
  /** Answers upgrades with that status line, and headers behind it, from now on; undefined accepts them again. */
  refuse(statusLine: string | undefined, retryAfter?: number): void;
  /** Lets those turns go on that wait for it, now and later. */
  openGate(): void;
  /** Cuts all connections. */
  dropAll(): void;
}

interface Turn {
  readonly socket: WebSocket;
  /** What is below the socket. */
  readonly stream: Duplex;
  readonly random: SeededRandom;
  readonly sent: { frames: number };
  readonly gate: Promise<void>;
  readonly id: string;
  /** Of the operation that was asked before, on whichever socket. */
  readonly lastId: string;
  readonly turnId: string;
  readonly text: string;
}

const frameSchema = z.object({
  type: z.string(),
  id: z.string().optional(),
  payload: z.looseObject({ variables: z.looseObject({ request: z.unknown() }) }).optional(),
});
const requestSchema = z.object({
  messages: z.array(z.object({ content: z.string() })),
  conversationContext: z.object({ turnId: z.string().nullish() }),
});

/** Where an agent listens, and how. */
export interface ScriptedAgentOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** Of loopback; 127.0.0.1 unless given. */
  readonly host?: string;
  /** Not listening yet; one of HTTP unless given. */
  readonly server?: Server | SecureServer;
}

/** Starts one. */
export async function startScriptedAgent({
  port = 0,
  host = "127.0.0.1",
  server = createServer(),
}: ScriptedAgentOptions = {}): Promise<ScriptedAgent> {
  const asked: string[] = [];
  const ended = new Map<string, number>();
  const state: { upgrades: number; refusal: string | undefined } = { upgrades: 0, refusal: undefined };
  const random = new SeededRandom(1);
  const last = { id: "" };
  const sent = { frames: 0 };
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, stream, head) => {
    state.upgrades += 1;
    stream.on("error", () => undefined);
    if (state.refusal !== undefined) {
      stream.end(`HTTP/1.1 ${state.refusal}\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) =>
      serve({ socket, stream, random, last, sent, gate }, { asked, ended }),
    );
  });
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    ledger: {
      asked,
      ended,
      get upgrades() {
        return state.upgrades;
      },
    },
    get openSockets() {
      return sockets.clients.size;
    },
    get sentFrames() {
      return sent.frames;
    },
    refuse: (statusLine, retryAfter = 3) => {
      state.refusal = statusLine === undefined ? undefined : `${statusLine}\r\nretry-after: ${retryAfter}`;
    },
    openGate,
    dropAll: () => sockets.clients.forEach((socket) => void socket.terminate()),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

interface OpenLedger {
  readonly asked: string[];
  readonly ended: Map<string, number>;
}

type Peer = Pick<Turn, "socket" | "stream" | "random" | "sent" | "gate"> & { readonly last: { id: string } };

function serve(peer: Peer, ledger: OpenLedger): void {
  const { socket, last } = peer;
  const open = new Map<string, string>();
  const end = (id: string): void => {
    const turnId = open.get(id);
    if (turnId !== undefined) ledger.ended.set(turnId, performance.now());
    open.delete(id);
  };
  socket.on("error", () => undefined);
  socket.on("close", () => [...open.keys()].forEach(end));
  socket.on("message", (data) => {
    const frame = frameSchema.parse(JSON.parse(String(data)));
    if (frame.type === "connection_init") socket.send('{"type":"connection_ack"}');
    if (frame.type === "complete" && frame.id !== undefined) end(frame.id);
    if (frame.type !== "subscribe" || frame.id === undefined) return;
    const { messages, conversationContext } = requestSchema.parse(frame.payload?.variables.request);
    const turn = {
      ...peer,
      lastId: last.id,
      id: frame.id,
      turnId: conversationContext.turnId ?? "",
      text: messages.at(-1)?.content ?? "",
    };
    last.id = frame.id;
    ledger.asked.push(turn.turnId);
    open.set(turn.id, turn.turnId);
    void run(turn).then((answered) => (answered ? open.delete(turn.id) : false));
  });
}

/** What one turn of ten meets at a moody agent. */
const moods = ["!hang", "!first", "!drop", '!frame {"type":"next"}', "!frame not json", "!huge"] as const;

function moodOf({ random }: Turn, pieces: string): string {
  if (random.next() >= 0.1) return `!pieces ${pieces}`;
  return moods[Math.floor(random.next() * moods.length)] ?? "!drop";
}

/** True when the turn was answered. */
async function run(turn: Turn): Promise<boolean> {
  const [, name = "", argument = ""] = /^!(\w+) ?(.*)$/s.exec(turn.text) ?? [];
  const { socket } = turn;
  switch (name) {
    case "hang":
      return false;
    case "first":
      await next(turn, "INTERMEDIATE_MESSAGE", "first");
      return false;
    case "drop":
      socket.terminate();
      return false;
    case "frame":
      socket.send(argument.replaceAll("$id", turn.id));
      return false;
    case "fuzz":
      sendFuzzed(turn, argument);
      return false;
    case "raw":
      turn.stream.write(Buffer.from(argument, "hex"));
      return false;
    case "moody":
      return run({ ...turn, text: moodOf(turn, argument) });
    case "drip":
      while (socket.readyState === socket.OPEN) {
        await next(turn, "INTERMEDIATE_MESSAGE", "drip ");
        await sleep(Number(argument));
      }
      return false;
    case "huge":
      await next(turn, "MESSAGE", "x".repeat(300 * 1024));
      return false;
    case "gated":
      await turn.gate;
      return run({ ...turn, text: `!flood ${argument}` });
    case "flood":
      // Of a socket that is cut nothing more is sent: a thousand such floods would hold this process, and its other turns.
      for (let sent = 0; sent < floodKib && isOpen(socket); sent += Number(argument || 200)) {
        await next(turn, "INTERMEDIATE_MESSAGE", "x".repeat(Number(argument || 200) * 1024));
      }
      return false;
    case "pieces":
      for (let piece = 0; piece < Number(argument); piece++) {
        await next(turn, "INTERMEDIATE_MESSAGE", `piece ${piece} of ${turn.turnId}. `);
        await sleep(2);
      }
      break;
    case "wait":
      await sleep(Number(argument));
      break;
    default:
  }
  await next(turn, "MESSAGE", `answer to ${turn.turnId}`);
  socket.send(JSON.stringify({ type: "complete", id: turn.id }));
  return true;
}

function isOpen({ readyState, OPEN }: WebSocket): boolean {
  return readyState === OPEN;
}

function sendFuzzed({ socket, id, turnId, lastId }: Turn, argument: string): void {
  const [seed = 0, count = 0] = argument.split(" ").map(Number);
  const scene = { seed, count, id, foreignId: lastId, marker: `secret-of-${turnId}.` };
  for (const frame of fuzzedFrames(scene)) socket.send(frame);
}

/** Resolves when the frame has left, so that a reader that reads nothing makes the agent wait. */
function next(
  { socket, id, sent }: Turn,
  type: "MESSAGE" | "INTERMEDIATE_MESSAGE",
  content: string,
): Promise<void> {
  const context = type === "MESSAGE" ? null : [{ key: "lmos.intermediate", value: "delta" }];
  const messages = [{ role: "assistant", content, format: "text" }];
  const agent = {
    status: null,
    type,
    responseTime: 0,
    messages,
    anonymizationEntities: null,
    context,
    toolCalls: null,
  };
  const frame = JSON.stringify({ type: "next", id, payload: { data: { agent } } });
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.send(frame, () => {
    sent.frames += 1;
    resolve();
  });
  return promise;
}
