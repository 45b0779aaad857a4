/** One socket by itself: its other side, its clock and what its operations come to are the test's. */
import { EventEmitter } from "node:events";
import { type Logger, silentLogger } from "@lmos/primitives";
import { FakeClock } from "@lmos/testing";
import { GraphQLError } from "graphql";
import { beforeEach, describe, expect, test } from "vitest";
import { ArcSocket, type ArcSocketOptions, type CallerSocket, type OpenedSocket } from "./arc-socket.ts";

/** The caller's end. It takes what is sent at once, unless it is told to be slow. */
class FakeSocket extends EventEmitter implements CallerSocket {
  readonly sent: Record<string, unknown>[] = [];
  bufferedAmount = 0;
  isSlow = false;
  closedWith: number | undefined | "no code";
  terminated = false;
  pings = 0;
  readonly #untaken: (() => void)[] = [];

  send(text: string, taken: () => void = () => undefined): void {
    this.sent.push(JSON.parse(text));
    if (this.isSlow) this.#untaken.push(taken);
    else taken();
  }

  takeAll(): void {
    this.isSlow = false;
    for (const taken of this.#untaken.splice(0)) taken();
  }

  ping(): void {
    this.pings += 1;
  }

  close(code?: number): void {
    this.closedWith ??= code ?? "no code";
  }

  terminate(): void {
    this.terminated = true;
    this.emit("close");
  }

  say(frame: unknown, isBinary = false): void {
    this.emit("message", Buffer.from(typeof frame === "string" ? frame : JSON.stringify(frame)), isBinary);
  }
}

let clock: FakeClock;
let socket: FakeSocket;

beforeEach(() => {
  clock = new FakeClock();
  socket = new FakeSocket();
});

const handshakeTimeoutMs = 10_000;

function open(opened: Partial<OpenedSocket> = {}, more: Partial<ArcSocketOptions> = {}): ArcSocket {
  const { start } = counting(1);
  return new ArcSocket({
    start,
    ...opened,
    socket,
    handshakeTimeoutMs,
    clock,
    logger: silentLogger,
    ...more,
  });
}

function openAcknowledged(
  opened: Partial<OpenedSocket> = {},
  more: Partial<ArcSocketOptions> = {},
): ArcSocket {
  const opening = open(opened, more);
  socket.say({ type: "connection_init" });
  socket.sent.length = 0;
  return opening;
}

const subscribe = (id: string): void => socket.say({ type: "subscribe", id, payload: { query: "{ a }" } });
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await clock.advance(0);
};
const types = (): readonly unknown[] => socket.sent.map(({ type }) => type);

/** A subscription that gives numbers, and tells how it was ended. */
function counting(count: number) {
  const state = { pulled: 0, aborted: false };
  const start: OpenedSocket["start"] = async (_operation, signal) => {
    signal.addEventListener("abort", () => {
      state.aborted = true;
    });
    async function* results() {
      for (let each = 0; each < count; each++) {
        state.pulled += 1;
        yield { data: { a: each } };
      }
    }
    return { kind: "streaming", results: results() };
  };
  return { state, start };
}

/** A subscription that never gives anything. */
function waiting() {
  const state = { aborted: false };
  const start: OpenedSocket["start"] = (_operation, signal) => {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<OpenedSocket["start"]>>>();
    signal.addEventListener("abort", () => {
      state.aborted = true;
      resolve({ kind: "refused", errors: [] });
    });
    return promise;
  };
  return { state, start };
}

describe("the handshake", () => {
  test("that is not made in time closes the socket, and ends it where the caller does not confirm", async () => {
    open();
    await clock.advance(handshakeTimeoutMs);
    expect([socket.closedWith, socket.terminated]).toEqual([4408, false]);
    await clock.advance(1000);
    expect(socket.terminated).toBe(true);
  });

  test("that was made leaves it open", async () => {
    openAcknowledged();
    await clock.advance(handshakeTimeoutMs);
    expect(socket.closedWith).toBeUndefined();
  });

  test.each([
    { name: "a frame that is none", say: () => socket.say("hello"), code: "no code" },
    { name: "a binary frame", say: () => socket.say({ type: "connection_init" }, true), code: 4400 },
    { name: "an operation before it", say: () => subscribe("1"), code: 4401 },
  ])("in whose place comes $name closes the socket with $code", ({ say, code }) => {
    open();
    say();
    expect(socket.closedWith).toBe(code);
  });

  test("in whose place comes a frame that is none cuts the socket, where that is wanted", () => {
    open({}, { cutsUnreadable: true });
    socket.say("hello");
    expect([socket.closedWith, socket.terminated]).toEqual([undefined, true]);
  });

  test("of a caller who is not admitted closes it with 4401", () => {
    open({ admits: (frame) => !frame.includes("connection_init") });
    socket.say({ type: "connection_init" });
    expect([socket.closedWith, socket.sent]).toEqual([4401, []]);
  });
});

describe("a caller", () => {
  test("that answers pings keeps its socket", async () => {
    openAcknowledged();
    for (let round = 0; round < 5; round++) {
      await clock.advance(20_000);
      socket.emit("pong");
    }
    expect([socket.pings, socket.terminated]).toEqual([5, false]);
  });

  test("that answers none loses it, and what runs for it ends", async () => {
    const { state, start } = waiting();
    openAcknowledged({ start });
    subscribe("1");
    await clock.advance(40_000);
    expect([socket.pings, socket.terminated, state.aborted]).toEqual([1, true, true]);
  });

  test("that asks and asks without reading loses it", () => {
    openAcknowledged();
    socket.bufferedAmount = 1024 * 1024 + 1;
    socket.say({ type: "ping" });
    expect(socket.terminated).toBe(true);
  });

  test("that reads slowly slows the answer down", async () => {
    const { state, start } = counting(3);
    openAcknowledged({ start });
    socket.isSlow = true;
    subscribe("1");
    await settle();
    expect([state.pulled, types()]).toEqual([1, ["next"]]);
    socket.takeAll();
    await settle();
    expect(types()).toEqual(["next", "next", "next", "complete"]);
  });

  test("that leaves ends what runs for it, and nothing is watched any more", async () => {
    const { state, start } = waiting();
    const opened = openAcknowledged({ start });
    subscribe("1");
    socket.emit("close");
    await opened.closed();
    await settle();
    expect([state.aborted, clock.sleeping]).toEqual([true, 0]);
  });

  test("that cancels an operation may use its id again", async () => {
    const { state, start } = waiting();
    openAcknowledged({ start });
    subscribe("1");
    await settle();
    socket.say({ type: "complete", id: "1" });
    subscribe("1");
    await settle();
    expect([state.aborted, socket.closedWith]).toEqual([true, undefined]);
  });
});

describe("an operation", () => {
  const lines: string[] = [];
  const note = (message: string, fields: unknown = ""): void =>
    void lines.push(message + JSON.stringify(fields));
  const logger: Logger = { ...silentLogger, error: note, child: () => logger };
  const complete = { type: "complete", id: "1" };
  const rows: readonly {
    readonly name: string;
    readonly start: OpenedSocket["start"];
    readonly frames: unknown;
  }[] = [
    {
      name: "that is answered ends with complete",
      start: counting(1).start,
      frames: [{ type: "next", id: "1", payload: { data: { a: 0 } } }, complete],
    },
    {
      name: "that is refused ends with the reason",
      start: async () => ({ kind: "refused", errors: [new GraphQLError("not this one")] }),
      frames: [{ type: "error", id: "1", payload: [{ message: "not this one" }] }, complete],
    },
    {
      name: "that fails in GraphQL's words tells them",
      start: () => Promise.reject(new GraphQLError("busy", { extensions: { code: "agent_busy" } })),
      frames: [
        { type: "error", id: "1", payload: [{ message: "busy", extensions: { code: "agent_busy" } }] },
        complete,
      ],
    },
    {
      name: "that fails otherwise tells nothing internal",
      start: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:6379")),
      frames: [
        { type: "error", id: "1", payload: [{ message: "The operation failed for an internal reason." }] },
        complete,
      ],
    },
  ];
  test("that is no subscription breaks the socket, as ARC's does", async () => {
    openAcknowledged({ start: async () => ({ kind: "unsupported" }) });
    subscribe("1");
    await settle();
    expect([socket.closedWith, socket.sent]).toEqual([1011, []]);
  });

  test.each(rows)("$name", async ({ start, frames }) => {
    openAcknowledged({ start }, { logger });
    subscribe("1");
    await settle();
    expect(socket.sent).toEqual(frames);
  });

  test("that failed for an internal reason is told to the log", () => {
    expect(lines).toEqual([expect.stringContaining("10.0.0.7")]);
  });

  test("of somebody whose token does not count any more closes the socket", async () => {
    openAcknowledged({ start: async () => ({ kind: "unauthorized" }) });
    subscribe("1");
    await settle();
    expect([socket.closedWith, socket.sent]).toEqual([4401, []]);
  });
});

describe("a socket that drains", () => {
  test("is closed at once where nothing runs", () => {
    openAcknowledged().drain();
    expect(socket.closedWith).toBe(1001);
  });

  test("finishes what runs, begins nothing, and is closed then", async () => {
    const { start } = counting(2);
    const opened = openAcknowledged({ start });
    socket.isSlow = true;
    subscribe("1");
    await settle();
    opened.drain();
    subscribe("2");
    await settle();
    expect([types(), socket.closedWith]).toEqual([["next", "error", "complete"], undefined]);
    socket.takeAll();
    await settle();
    expect([types(), socket.closedWith]).toEqual([["next", "error", "complete", "next", "complete"], 1001]);
  });

  test.each([
    { name: "tells a caller that shares it", isShared: true, told: ["ping"] },
    { name: "tells no other caller", isShared: false, told: [] },
  ])("$name", async ({ isShared, told }) => {
    const opened = openAcknowledged({ start: waiting().start }, { isShared });
    subscribe("1");
    await settle();
    opened.drain();
    expect(types()).toEqual(told);
  });
});
