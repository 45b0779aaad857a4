import { EventEmitter } from "node:events";
import { FakeClock } from "@lmos/testing";
import { anyText } from "@lmos/testing/any-text";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { sourceOf } from "../turn/event-source.ts";
import type { TurnEvent } from "../turn/turn.ts";
import { isStalledReader } from "./drain.ts";
import { formatEvent, writeTexts } from "./event-stream.ts";
import { type BegunEvents, type EventResponse, writeEvents } from "./event-writer.ts";

test("numbers events, names them and puts their data on one line", () => {
  expect(formatEvent(3, { kind: "text-delta", text: "a\nb" })).toBe(
    'id: 3\nevent: text-delta\ndata: {"text":"a\\nb"}\n\n',
  );
});

test("tells how many notes were not sent", () => {
  expect(formatEvent(7, { kind: "notes-dropped", count: 12 })).toBe(
    'id: 7\nevent: notes-dropped\ndata: {"count":12}\n\n',
  );
});

test("lets no text forge an event", () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const lines = formatEvent(1, { kind: "text-delta", text }).split(/\r\n|\r|\n/);
      expect(lines).toHaveLength(5);
      expect(JSON.parse(lines[2]?.slice("data: ".length) ?? "")).toEqual(
        JSON.parse(JSON.stringify({ text })),
      );
    }),
  );
});

test("tells of an error what the client needs", () => {
  const failure = { code: "agent_busy", message: "busy", retryable: true, retryAfterSeconds: 7 } as const;
  const data = formatEvent(1, { kind: "error", failure }).split("\n")[2];
  expect(data).toBe('data: {"code":"agent_busy","message":"busy","retryable":true,"retryAfterSeconds":7}');
});

/** A client that takes what it gets until it is told to be slow. */
class FakeResponse extends EventEmitter implements EventResponse {
  readonly written: string[] = [];
  /** How it was left. */
  readonly ends: ("ended" | "cut")[] = [];
  writableNeedDrain = false;
  /** Whether the system takes all at once, though it is more than should wait. */
  takesAll = false;

  get writableLength(): number {
    return this.writableNeedDrain && !this.takesAll ? 1 : 0;
  }

  write(text: string | Buffer): boolean {
    this.written.push(text.toString());
    return !this.writableNeedDrain;
  }

  end(): void {
    this.ends.push("ended");
  }

  destroy(): void {
    this.ends.push("cut");
  }

  drain(): void {
    this.writableNeedDrain = false;
    this.emit("drain");
  }
}

let clock: FakeClock;
let response: FakeResponse;
let stop: AbortController;
let pulled: number;

beforeEach(() => {
  clock = new FakeClock();
  response = new FakeResponse();
  stop = new AbortController();
  pulled = 0;
});

async function* deltas(count: number, everyMs: number): AsyncGenerator<TurnEvent, void> {
  for (let i = 0; i < count; i++) {
    pulled += 1;
    if (everyMs > 0) await clock.sleep(everyMs, { signal: stop.signal });
    yield { kind: "text-delta", text: `${i}` };
  }
}

/** Writes events of which the first one is waited for, as the doors do. */
async function write(events: AsyncGenerator<TurnEvent, void>): Promise<void> {
  await writeBegun({ first: await events.next(), rest: sourceOf(events) });
}

function writeBegun(events: BegunEvents): Promise<void> {
  const limits = { keepAliveMs: 10_000, stalledReaderMs: 30_000 };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onEnded = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
  const owner = { signal: stop.signal, onEnded };
  writeEvents(response, events, { patience: { clock, limits }, owner, lastEventId: 0 });
  return promise;
}

const comments = (): number => response.written.filter((text) => text === ": keep-alive\n\n").length;

test("keeps a silent stream open by comments", async () => {
  const first = { done: false, value: { kind: "note", text: "a moment" } } as const;
  const writing = writeBegun({ first, rest: sourceOf(deltas(1, 35_000)) });
  await clock.advance(35_000);
  await writing;
  expect(comments()).toBe(3);
  await clock.advance(60_000);
  expect(comments()).toBe(3);
});

test("writes long texts as they are, whatever is in them", async () => {
  const text = "€".repeat(5000);
  const first = { done: false, value: { kind: "note", text } } as const;
  await writeBegun({ first, rest: sourceOf(deltas(0, 0)) });
  expect(response.written).toEqual([formatEvent(1, { kind: "note", text })]);
});

describe("a slow reader", () => {
  test("slows the events down", async () => {
    response.writableNeedDrain = true;
    const writing = write(deltas(3, 0));
    await clock.advance(20_000);
    expect([pulled, response.written.length]).toEqual([1, 1]);
    response.drain();
    await writing;
    expect([pulled, comments(), response.ends]).toEqual([3, 0, ["ended"]]);
  });

  test("is not waited for when the system took all of it at once", async () => {
    response.writableNeedDrain = true;
    response.takesAll = true;
    await write(deltas(3, 0));
    expect([pulled, response.written.length, response.ends]).toEqual([3, 3, ["ended"]]);
  });

  test("is given up when it takes nothing for too long", async () => {
    response.writableNeedDrain = true;
    const stalled = write(deltas(3, 0)).catch(isStalledReader);
    await clock.advance(30_000);
    expect(await stalled).toBe(true);
    expect([clock.sleeping, response.ends]).toEqual([0, ["cut"]]);
  });

  test("that is gone leaves the events, so that they end", async () => {
    response.writableNeedDrain = true;
    let left = false;
    async function* endless(): AsyncGenerator<TurnEvent, void> {
      try {
        for (;;) yield { kind: "note", text: "on and on" };
      } finally {
        left = true;
      }
    }
    const writing = write(endless()).catch(() => undefined);
    await clock.advance(0);
    stop.abort(new Error("gone"));
    await writing;
    expect([left, clock.sleeping]).toEqual([true, 0]);
  });

  test("that is gone ends the writing", async () => {
    response.writableNeedDrain = true;
    const writing = expect(write(deltas(3, 0))).rejects.toThrow("gone");
    await clock.advance(0);
    stop.abort(new Error("gone"));
    await writing;
  });
});

describe("texts that are events already", () => {
  const limits = { keepAliveMs: 10_000, stalledReaderMs: 30_000 };
  async function* texts(count: number, everyMs: number): AsyncGenerator<string, void> {
    for await (const event of deltas(count, everyMs)) yield `data: ${JSON.stringify(event)}\n\n`;
  }
  const writeAll = (count: number, everyMs = 0): Promise<void> =>
    writeTexts(response, texts(count, everyMs), { clock, limits, signal: stop.signal });

  test("are written as they come, with comments while none does", async () => {
    const writing = writeAll(2, 15_000);
    await clock.advance(30_000);
    await writing;
    expect([response.written.length - comments(), comments()]).toEqual([2, 2]);
  });

  test("wait for a slow reader", async () => {
    response.writableNeedDrain = true;
    const writing = writeAll(3);
    await clock.advance(20_000);
    expect([pulled, response.written.length]).toEqual([1, 1]);
    response.drain();
    await writing;
    expect(pulled).toBe(3);
  });

  test("are given up when their reader takes nothing for too long, or is gone", async () => {
    response.writableNeedDrain = true;
    const stalled = writeAll(3).catch(isStalledReader);
    await clock.advance(30_000);
    expect(await stalled).toBe(true);
    const left = writeAll(3);
    const outcome = expect(left).rejects.toBe("gone");
    await clock.advance(0);
    stop.abort("gone");
    await outcome;
    expect(clock.sleeping).toBe(0);
  });
});
