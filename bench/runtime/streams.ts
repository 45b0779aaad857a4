/** Event streams that wait for their agent: what one of them takes, and whether all of them end. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { bodyOf } from "./callers.ts";
import type { Child } from "./child.ts";

/** What was measured. */
export interface StreamFigures {
  readonly streams: number;
  /** Bytes of the runtime's resident memory for each stream that waits. */
  readonly bytesEach: number;
  /** Seconds until all had their answer, after the agent gave them all at once. */
  readonly answeredSeconds: number;
  /** Streams that ended as they should. */
  readonly answered: number;
}

/** Streams before those that count: the first ones load code. */
const warmUpStreams = 500;
const openedAtOnce = 50;
const retryMs = 1000;
/** For what is left over from the opening to be cleared away. */
const restMs = 5000;

/** Opens `count` streams, all of which wait for the stub, looks at the runtime's memory, and lets the stub answer. */
export async function measureStreams(
  { runtime, stub }: { readonly runtime: Child; readonly stub: Child },
  { count, agent }: { readonly count: number; readonly agent: string },
): Promise<StreamFigures> {
  stub.tell("hold");
  const first = await openStreams(runtime.port, { count: warmUpStreams, agent });
  await answerAll(first, stub);
  await sleep(restMs);
  const before = runtime.residentBytes();
  stub.tell("hold");
  const streams = await openStreams(runtime.port, { count, agent });
  await sleep(restMs);
  const bytesEach = (runtime.residentBytes() - before) / count;
  const startedAt = performance.now();
  const answered = await answerAll(streams, stub);
  return { streams: count, bytesEach, answered, answeredSeconds: (performance.now() - startedAt) / 1000 };
}

async function answerAll(streams: readonly OpenStream[], stub: Child): Promise<number> {
  stub.tell("answer");
  const ends = await Promise.all(streams.map(({ ended }) => ended));
  return ends.filter((text) => text.includes("event: turn-end")).length;
}

interface OpenStream {
  /** All that was read. */
  readonly ended: Promise<string>;
}

async function openStreams(
  port: number,
  { count, agent }: { readonly count: number; readonly agent: string },
): Promise<readonly OpenStream[]> {
  const streams: OpenStream[] = [];
  while (streams.length < count) {
    const length = Math.min(openedAtOnce, count - streams.length);
    const first = streams.length;
    streams.push(
      ...(await Promise.all(Array.from({ length }, (_, i) => openStream(port, `s${first + i}`, agent)))),
    );
  }
  return streams;
}

/** Asks again where the runtime has no room: a laptop that builds something beside may be late for a moment. */
async function openStream(port: number, conversation: string, agent: string): Promise<OpenStream> {
  for (;;) {
    const stream = await tryStream(port, conversation, agent);
    if (stream !== undefined) return stream;
    await sleep(retryMs);
  }
}

/** Resolves when the stream says who is asked: its turn waits for the agent then. Undefined where it was refused. */
async function tryStream(port: number, conversation: string, agent: string): Promise<OpenStream | undefined> {
  const socket: Socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const body = bodyOf("where is my order?", agent);
  socket.write(
    `POST /apis/v1/acme/chat/${conversation}/message HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\ncontent-type: application/json\r\nx-turn-id: t\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  let text = "";
  const opened = Promise.withResolvers<boolean>();
  socket.setEncoding("latin1");
  socket.on("data", (data: string) => {
    text += data;
    if (text.includes("event: routing")) opened.resolve(true);
  });
  const ended = once(socket, "close").then(() => {
    opened.resolve(false);
    return text;
  });
  return (await opened.promise) ? { ended } : undefined;
}
