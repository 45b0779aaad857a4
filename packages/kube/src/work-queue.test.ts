import { FakeClock, SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KubeError } from "./errors.ts";
import { askedWaitMs, isOutage } from "./outage.ts";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

const { signal } = new AbortController();

function start(): { readonly clock: FakeClock; readonly queue: WorkQueue } {
  const clock = new FakeClock();
  return { clock, queue: createWorkQueue({ clock, random: new SeededRandom(1) }) };
}

/** The keys that can be taken now. */
async function takeAll(queue: WorkQueue): Promise<readonly string[]> {
  const keys: string[] = [];
  while (queue.depth > 0) {
    const stop = new AbortController();
    const taking = queue.take({ signal: stop.signal });
    await Promise.resolve(); // a ready key is taken at once; where none is, the taker is told to stop
    stop.abort();
    const taken = await taking;
    if (taken === undefined) return keys;
    keys.push(taken.key);
  }
  return keys;
}

describe("the work queue", () => {
  it("hands keys out in the order in which they were added", async () => {
    const { queue } = start();
    for (const key of ["b", "a", "c"]) queue.add(key, "edit");
    expect(await takeAll(queue)).toEqual(["b", "a", "c"]);
  });

  it("lets a key wait only once however often it is added", async () => {
    const { queue } = start();
    for (const key of ["a", "a", "b", "a"]) queue.add(key, "edit");
    expect(queue.depth).toBe(2);
    expect(await takeAll(queue)).toEqual(["a", "b"]);
  });

  it("counts a burst of adds as one also when a taker already waits", async () => {
    const { queue } = start();
    const taken = queue.take({ signal });
    queue.add("a", "edit");
    queue.add("a", "edit");
    expect(await taken).toMatchObject({ key: "a" });
    queue.done("a");
    expect(queue.depth).toBe(0);
  });

  it("never hands out a key that is being processed", async () => {
    const { queue } = start();
    queue.add("a", "edit");
    await takeAll(queue);
    queue.add("a", "edit");
    expect(queue.depth).toBe(1);
    expect(await takeAll(queue)).toEqual([]);
  });

  it("hands a key that was added while it was processed out once more afterwards", async () => {
    const { queue } = start();
    queue.add("a", "edit");
    await takeAll(queue);
    queue.add("a", "edit");
    queue.add("a", "edit");
    queue.done("a");
    expect(await takeAll(queue)).toEqual(["a"]);
    queue.done("a");
    expect(await takeAll(queue)).toEqual([]);
  });

  it("hands out a delayed key when its time has come", async () => {
    const { clock, queue } = start();
    queue.addAfter("a", 100);
    await clock.advance(99);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(await takeAll(queue)).toEqual(["a"]);
  });

  it.each([
    { name: "the first", delays: [50, 100] },
    { name: "the second", delays: [100, 50] },
  ])("keeps the earliest of two delays of a key, be it $name", async ({ delays }) => {
    const { clock, queue } = start();
    for (const delay of delays) queue.addAfter("a", delay);
    await clock.advance(50);
    expect(await takeAll(queue)).toEqual(["a"]);
    queue.done("a");
    await clock.advance(100);
    expect(queue.depth).toBe(0);
  });

  it("hands out delayed keys in the order of their times", async () => {
    const { clock, queue } = start();
    for (const [key, delay] of Object.entries({ c: 30, a: 10, d: 40, b: 20 })) queue.addAfter(key, delay);
    await clock.advance(40);
    expect(await takeAll(queue)).toEqual(["a", "b", "c", "d"]);
  });

  it("lets a failing key wait from 5 ms up to 5 minutes, twice as long each time", () => {
    const { queue } = start();
    const delays = Array.from({ length: 30 }, () => queue.retry("a", "failure"));
    for (const [attempt, delay] of delays.entries()) {
      const full = Math.min(300_000, 5 * 2 ** attempt);
      expect(delay).toBeLessThanOrEqual(full);
      expect(delay).toBeGreaterThanOrEqual(full * 0.8);
    }
  });

  it.each(["ServerError", "Timeout", "TooManyRequests", "Unavailable", "Unreachable"] as const)(
    "O8: lets a key that the server failed with %s wait a minute at most, for ever on, whatever it asked",
    (code) => {
      const { queue } = start();
      const error = new KubeError(code, "later", { details: { retryAfterMs: 3_600_000 } });
      expect(isOutage(error)).toBe(true);
      for (const asked of [0, askedWaitMs(error)]) {
        const delays = Array.from({ length: 500 }, () => queue.retry("a", "outage", asked));
        expect(Math.max(...delays)).toBeLessThanOrEqual(60_000);
        expect(Math.min(...delays)).toBeGreaterThan(0);
      }
    },
  );

  it("adds the back-off to what the server asked to wait", () => {
    const delay = start().queue.retry("a", "outage", 1_000);
    expect(delay).toBeGreaterThanOrEqual(1_000);
    expect(delay).toBeLessThanOrEqual(1_005);
  });

  it.each([
    { name: "while it is processed", addAtMs: 0 },
    { name: "while it rests", addAtMs: 400 },
  ])("keeps a key that is added $name for as long as the server asked to wait", async ({ addAtMs }) => {
    const { clock, queue } = start();
    queue.add("a", "edit");
    await takeAll(queue);
    queue.retry("a", "outage", 1_000);
    if (addAtMs === 0) queue.add("a", "edit");
    queue.done("a");
    await clock.advance(addAtMs);
    queue.add("a", "edit");
    await clock.advance(999 - addAtMs);
    expect(await takeAll(queue)).toEqual([]);
    await clock.advance(1);
    expect(await queue.take({ signal })).toEqual({ key: "a", lane: "edit" });
  });

  it("lets no other key rest", async () => {
    const { queue } = start();
    for (const key of ["a", "b"]) queue.add(key, "edit");
    await takeAll(queue);
    queue.retry("a", "outage", 1_000);
    for (const key of ["a", "b"]) queue.done(key);
    for (const key of ["a", "b"]) queue.add(key, "edit");
    expect(await takeAll(queue)).toEqual(["b"]);
  });

  it("keeps a key that is still processed when its rest is over", async () => {
    const { clock, queue } = start();
    queue.add("a", "edit");
    await takeAll(queue);
    queue.retry("a", "outage", 100);
    await clock.advance(200);
    expect(await takeAll(queue)).toEqual([]);
    queue.done("a");
    expect(await takeAll(queue)).toEqual(["a"]);
  });

  it("starts the back-off of a key anew once it is forgotten, and of no other key", () => {
    const { queue } = start();
    for (const key of ["a", "a", "a", "b", "b", "b"]) queue.retry(key, "failure");
    queue.forget("a");
    expect(queue.retry("a", "failure")).toBeLessThanOrEqual(5);
    expect(queue.retry("b", "failure")).toBeGreaterThanOrEqual(32);
  });

  it("gives nothing to a taker whose signal is aborted, before or while it waits", async () => {
    const { queue } = start();
    const stop = new AbortController();
    const taking = queue.take({ signal: stop.signal });
    stop.abort();
    expect(await taking).toBeUndefined();
    queue.add("a", "edit");
    expect(await queue.take({ signal: stop.signal })).toBeUndefined();
    expect(await queue.take({ signal })).toEqual({ key: "a", lane: "edit" });
  });

  it("stops its timer and takes no more keys when it is disposed", () => {
    const { clock, queue } = start();
    queue.addAfter("a", 100);
    queue[Symbol.dispose]();
    queue.add("b", "edit");
    expect(queue.depth).toBe(0);
    return expect.poll(() => clock.sleeping).toBe(0);
  });
});

type Command =
  | { readonly kind: "add" | "retry"; readonly key: string }
  | { readonly kind: "addAfter"; readonly key: string; readonly ms: number }
  | { readonly kind: "advance"; readonly ms: number }
  /** What is processed fails, and the server asks to wait. */
  | { readonly kind: "refuse"; readonly ms: number }
  | { readonly kind: "take" | "done" };

const key = fc.constantFrom("a", "b", "c");
const ms = fc.nat({ max: 50 });
const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom("add", "retry"), key }),
    fc.record({ kind: fc.constant("addAfter"), key, ms }),
    fc.record({ kind: fc.constant("advance"), ms }),
    fc.record({ kind: fc.constant("refuse"), ms }),
    fc.record({ kind: fc.constantFrom("take", "done") }),
  ),
  { minLength: 10, maxLength: 60, size: "max" },
);

/** Runs commands and checks, as it goes, that no key is out twice or before the server wants to hear of it. */
class Run {
  readonly clock = new FakeClock();
  readonly queue = createWorkQueue({ clock: this.clock, random: new SeededRandom(1) });
  readonly out: string[] = [];
  /** Keys that were asked for and not handed out since. */
  readonly owed = new Set<string>();
  readonly notBeforeMs = new Map<string, number>();

  async execute(command: Command): Promise<void> {
    switch (command.kind) {
      case "add":
        this.owed.add(command.key);
        return this.queue.add(command.key, "edit");
      case "retry":
        this.owed.add(command.key);
        this.queue.retry(command.key, "failure");
        return;
      case "addAfter":
        this.owed.add(command.key);
        return this.queue.addAfter(command.key, command.ms);
      case "advance":
        return this.clock.advance(command.ms);
      case "refuse":
        return this.refuse(command.ms);
      case "take":
        return this.take();
      case "done":
        return this.done();
      default:
        command satisfies never;
    }
  }

  async take(): Promise<void> {
    for (const taken of await takeAll(this.queue)) {
      expect(this.out).not.toContain(taken);
      expect(this.clock.monotonic()).toBeGreaterThanOrEqual(this.notBeforeMs.get(taken) ?? 0);
      this.out.push(taken);
      this.owed.delete(taken);
    }
  }

  refuse(ms: number): void {
    const refused = this.out.shift();
    if (refused === undefined) return;
    this.owed.add(refused);
    this.notBeforeMs.set(refused, this.clock.monotonic() + ms);
    this.queue.retry(refused, "outage", ms);
    this.queue.done(refused);
  }

  done(): void {
    const finished = this.out.shift();
    if (finished !== undefined) this.queue.done(finished);
  }

  /** Lets all time pass and finishes all work. */
  async drain(): Promise<void> {
    await this.clock.advance(300_000);
    for (let round = 0; round < 5; round++) {
      while (this.out.length > 0) this.done();
      await this.take();
    }
  }
}

describe("the work queue, whatever happens in which order", () => {
  it("never has a key out twice or too early, and hands out every key after it was last asked for", async () => {
    const property = fc.asyncProperty(commands, async (sequence) => {
      const run = new Run();
      for (const command of sequence) await run.execute(command);
      await run.drain();
      expect([...run.owed]).toEqual([]);
      expect(run.queue.depth).toBe(0);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});

describe("takers that wait", () => {
  it("do not lose the key that one was woken for which then stopped", async () => {
    const { queue } = start();
    const stop = new AbortController();
    const stopping = queue.take({ signal: stop.signal });
    const staying = queue.take({ signal });
    await Promise.resolve();
    queue.add("a", "edit");
    stop.abort();
    expect(await stopping).toBeUndefined();
    expect(await staying).toMatchObject({ key: "a" });
  });

  it("are woken one for each key, however many wait", async () => {
    const { queue } = start();
    const takers = Array.from({ length: 300 }, () => queue.take({ signal }));
    const taken: string[] = [];
    for (const taker of takers) void taker.then((each) => taken.push(each?.key ?? ""));
    for (let at = 0; at < 200; at += 1) queue.add(`key-${at}`, "edit");
    await new Promise((resolve) => setImmediate(resolve));
    expect(taken).toEqual(Array.from({ length: 200 }, (_, at) => `key-${at}`));
  });
});
