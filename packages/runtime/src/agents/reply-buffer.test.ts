import fc from "fast-check";
import { expect, test } from "vitest";
import type { AgentReply, ReplyReader } from "./agent-connection.ts";
import { ReplyBuffer } from "./reply-buffer.ts";

const completed: AgentReply = { kind: "completed" };
const failed: AgentReply = { kind: "failed", fault: { kind: "tooLarge" }, repeatable: false };

function setUp() {
  const flow: string[] = [];
  const buffer: ReplyBuffer = new ReplyBuffer(100, {
    onFlow: () => void flow.push(buffer.paused ? "pause" : "resume"),
  });
  return { buffer, flow };
}

/** The next reply. */
function next(buffer: ReplyBuffer): Promise<AgentReply> {
  return new Promise((resolve, reject) => buffer.read({ take: resolve, fail: reject }));
}

test("gives replies in order, also to a reader that waits already", async () => {
  const { buffer } = setUp();
  const waiting = next(buffer);
  buffer.push(completed, 1);
  buffer.push(failed, 1);
  expect(await waiting).toBe(completed);
  expect(await next(buffer)).toBe(failed);
});

test("pauses the writer above its bound, once, and resumes it when the reader wants more than there is", async () => {
  const { buffer, flow } = setUp();
  for (let i = 0; i < 3; i++) buffer.push(completed, 60);
  expect(flow).toEqual(["pause"]);
  expect(buffer.paused).toBe(true);
  for (let i = 0; i < 3; i++) await next(buffer);
  expect(flow).toEqual(["pause"]);
  void next(buffer);
  expect(flow).toEqual(["pause", "resume"]);
  expect(buffer.paused).toBe(false);
});

test.each([
  { name: "above the bound", bytes: 101, expected: ["pause", "resume"] },
  { name: "up to the bound", bytes: 100, expected: [] },
])("after a reply $name a reader that waited makes the writer wait until it is back", async (row) => {
  const { buffer, flow } = setUp();
  const waiting = next(buffer);
  buffer.push(completed, row.bytes);
  await waiting;
  expect(flow).toEqual(row.expected.slice(0, 1));
  void next(buffer);
  expect(flow).toEqual(row.expected);
});

/** A reader that has at most one question open, and knows how many replies it has not read. */
class Reader {
  readonly buffer: ReplyBuffer;
  #unread = 0;

  constructor(buffer: ReplyBuffer) {
    this.buffer = buffer;
  }

  /** Whether it has asked for more than there is. */
  get waits(): boolean {
    return this.#unread < 0;
  }

  take(step: number | "read"): void {
    if (typeof step === "number") this.buffer.push(completed, step);
    else if (!this.waits) void next(this.buffer);
    else return;
    this.#unread += step === "read" ? -1 : 1;
  }
}

test("never asks the writer twice for the same, and never lets it wait for a reader that waits", () => {
  const step = fc.oneof(fc.nat(250), fc.constant("read" as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { buffer, flow } = setUp();
      const reader = new Reader(buffer);
      for (const each of steps) {
        reader.take(each);
        expect(buffer.paused && reader.waits).toBe(false);
        expect(buffer.paused || buffer.bytes <= 100).toBe(true);
      }
      expect(flow).toEqual(flow.map((_, at) => (at % 2 === 0 ? "pause" : "resume")));
    }),
  );
});

test("tells a reader nothing while it asks, nor while the writer writes", async () => {
  const { buffer } = setUp();
  const told: AgentReply[] = [];
  const reader = { take: (reply: AgentReply) => void told.push(reply), fail: () => undefined };
  buffer.push(completed, 1);
  buffer.read(reader);
  expect(told).toEqual([]);
  await Promise.resolve();
  expect(told).toEqual([completed]);
  buffer.read(reader);
  buffer.push(failed, 1);
  expect(told).toEqual([completed]);
  await Promise.resolve();
  expect(told).toEqual([completed, failed]);
});

test("gives a thousand replies to a reader that asks for the next one as soon as it has one", async () => {
  const { buffer } = setUp();
  for (let reply = 0; reply < 1000; reply++) buffer.push(completed, 1);
  const all = Promise.withResolvers<number>();
  let count = 0;
  const reader: ReplyReader<AgentReply> = {
    take: () => {
      count += 1;
      if (count === 1000) all.resolve(count);
      else buffer.read(reader);
    },
    fail: all.reject,
  };
  buffer.read(reader);
  expect(await all.promise).toBe(1000);
});

test("tells a reader of what it throws itself", async () => {
  const { buffer } = setUp();
  const told = Promise.withResolvers<unknown>();
  const take = (): never => {
    throw new Error("cannot be read");
  };
  buffer.read({ take, fail: told.resolve });
  buffer.push(completed, 1);
  expect(await told.promise).toEqual(new Error("cannot be read"));
});
