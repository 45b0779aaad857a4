import { FakeClock, SeededRandom } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "./client.ts";
import {
  type ControllerOptions,
  createController,
  type Requeue,
  requeueAfter,
  requeueOnChange,
} from "./controller.ts";
import { KubeError } from "./errors.ts";
import { keyOf, type ObjectKey } from "./object.ts";
import { createObjectStore } from "./object-store.ts";
import { fromStore } from "./source.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";
import { type Widget, widget } from "./testing/widget.ts";

/** One call of the reconcile function, which the test brings to its end. */
interface Call {
  readonly name: string;
  readonly signal: AbortSignal;
  succeed(requeue?: Requeue): void;
  fail(error: unknown): void;
}

class World {
  readonly clock = new FakeClock();
  readonly logger = new RecordingLogger();
  readonly store = createObjectStore<Widget>();
  readonly calls: Call[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: Partial<ControllerOptions> = {}) {
    const controller = createController({
      name: "test",
      sources: [fromStore(this.store, (object) => [keyOf(object)])],
      synced: [this.store],
      reconcile: (key, { signal }) => this.#reconcile(key, signal),
      clock: this.clock,
      random: new SeededRandom(1),
      logger: this.logger,
      ...options,
    });
    this.#running = controller.run({ signal: this.#stop.signal });
  }

  /** Lets what can run now run; the names of the calls since the last time. */
  async started(): Promise<readonly string[]> {
    await this.clock.advance(0);
    return this.calls.map((call) => call.name);
  }

  call(index: number): Call {
    const call = this.calls[index];
    if (call === undefined) throw new Error(`there is no call ${index}`);
    return call;
  }

  stop(): Promise<void> {
    this.#stop.abort(new Error("stop"));
    return this.#running;
  }

  #reconcile({ name }: ObjectKey, signal: AbortSignal): Promise<Requeue> {
    const { promise, resolve, reject } = Promise.withResolvers<Requeue>();
    this.calls.push({ name, signal, succeed: (requeue = requeueOnChange) => resolve(requeue), fail: reject });
    return promise;
  }
}

const failed = "reconcile failed, trying again";

describe("a controller", () => {
  it("reconciles nothing before its stores have synced, then every object", async () => {
    const world = new World();
    world.store.put(widget("a", 1));
    expect(await world.started()).toEqual([]);
    world.store.replaceAll([widget("a", 1), widget("b", 1)]);
    expect(await world.started()).toEqual(["a", "b"]);
    for (const call of world.calls) call.succeed();
    await world.stop();
  });

  it("reconciles objects that were there before it started, and those that go", async () => {
    const store = createObjectStore<Widget>();
    store.replaceAll([widget("a", 1)]);
    const world = new World({ sources: [fromStore(store, (object) => [keyOf(object)])], synced: [store] });
    await world.started();
    world.call(0).succeed();
    store.remove(keyOf(widget("a", 1)));
    expect(await world.started()).toEqual(["a", "a"]);
    world.call(1).succeed();
    await world.stop();
  });

  it("asks a source's map for the object before and after a change", async () => {
    const store = createObjectStore<Widget>();
    store.replaceAll([widget("a", 1, { colour: "red" })]);
    const byColour = fromStore(store, ({ spec }) =>
      spec?.colour === undefined ? [] : [{ name: spec.colour }],
    );
    const world = new World({ sources: [byColour], synced: [store] });
    await world.started();
    world.call(0).succeed();
    await world.started();
    store.put(widget("a", 2, { colour: "blue" }));
    expect(await world.started()).toEqual(["red", "red", "blue"]);
    for (const call of world.calls) call.succeed();
    await world.stop();
  });

  it("runs as many keys at once as it may, and one key never twice at once", async () => {
    const world = new World({ concurrency: 2 });
    world.store.replaceAll([widget("a", 1), widget("b", 1), widget("c", 1)]);
    expect(await world.started()).toEqual(["a", "b"]);
    world.store.put(widget("a", 2));
    world.call(1).succeed();
    expect(await world.started()).toEqual(["a", "b", "c"]);
    world.call(2).succeed();
    expect(await world.started()).toEqual(["a", "b", "c"]);
    world.call(0).succeed();
    expect(await world.started()).toEqual(["a", "b", "c", "a"]);
    world.call(3).succeed();
    await world.stop();
  });

  it("reconciles again after as long as the result says", async () => {
    const world = new World();
    world.store.replaceAll([widget("a", 1)]);
    await world.started();
    world.call(0).succeed(requeueAfter(1_000));
    await world.clock.advance(999);
    expect(world.calls).toHaveLength(1);
    await world.clock.advance(1);
    expect(await world.started()).toEqual(["a", "a"]);
    world.call(1).succeed();
    await world.stop();
  });

  it("tries again with back-off after a throw, with one log line each, and anew after a success", async () => {
    const world = new World();
    world.store.replaceAll([widget("a", 1)]);
    const error = new Error("oops");
    for (let attempt = 0; attempt < 3; attempt++) {
      await world.started();
      world.call(attempt).fail(error);
      await world.started();
      await world.clock.advance(5 * 2 ** attempt);
    }
    await world.started();
    world.call(3).succeed();
    world.store.put(widget("a", 2));
    await world.started();
    world.call(4).fail(error);
    await world.started();
    const delays = world.logger.lines.filter(({ message }) => message === failed).map(({ fields }) => fields);
    expect(delays).toHaveLength(4);
    expect(delays[0]).toMatchObject({ key: "home/a", error });
    expect(Number(delays[2]?.["retryInMs"])).toBeGreaterThanOrEqual(16);
    expect(Number(delays[3]?.["retryInMs"])).toBeLessThanOrEqual(5);
    await world.stop();
  });

  it("also tries again when the reconcile function throws before it returns a promise", async () => {
    const world = new World({
      reconcile: () => {
        throw new KubeError("Conflict", "someone was faster");
      },
    });
    const logged = world.logger.next(failed);
    world.store.replaceAll([widget("a", 1)]);
    expect(await logged).toMatchObject({ error: { code: "Conflict" } });
    await world.stop();
  });

  it("aborts a reconcile that takes longer than its deadline", async () => {
    const world = new World({ deadlineMs: 100 });
    world.store.replaceAll([widget("a", 1)]);
    await world.started();
    await world.clock.advance(99);
    expect(world.call(0).signal.aborted).toBe(false);
    await world.clock.advance(1);
    expect(world.call(0).signal.reason).toMatchObject({ code: "DeadlineExceeded" });
    world.call(0).fail(world.call(0).signal.reason);
    await world.stop();
  });

  it("lets work in flight finish when it is stopped, and takes no more", async () => {
    const world = new World({ concurrency: 1 });
    world.store.replaceAll([widget("a", 1), widget("b", 1)]);
    await world.started();
    const stopped = world.stop();
    await world.clock.advance(24_999);
    expect(world.call(0).signal.aborted).toBe(false);
    world.call(0).succeed();
    await stopped;
    expect(world.calls).toHaveLength(1);
  });

  it("tells work in flight to give up 25 s after it was stopped", async () => {
    const world = new World();
    world.store.replaceAll([widget("a", 1)]);
    await world.started();
    const stopped = world.stop();
    await world.clock.advance(25_000);
    expect(world.call(0).signal.aborted).toBe(true);
    world.call(0).fail(new Error("gave up"));
    await stopped;
  });

  it("stops before its stores have synced, and leaves nothing running", async () => {
    const world = new World();
    await world.stop();
    world.store.replaceAll([widget("a", 1)]);
    expect(await world.started()).toEqual([]);
    expect(world.clock.sleeping).toBe(0);
  });

  it("fails when a store can never sync", async () => {
    const synced = [{ whenSynced: (_options: CallOptions) => Promise.reject(new Error("closed")) }];
    const controller = createController({
      name: "test",
      sources: [],
      synced,
      reconcile: () => Promise.resolve(requeueOnChange),
      clock: new FakeClock(),
      random: new SeededRandom(1),
      logger: new RecordingLogger(),
    });
    await expect(controller.run({ signal: new AbortController().signal })).rejects.toThrow("closed");
  });
});
