import { FakeClock, SeededRandom } from "@lmos/testing";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "./client.ts";
import { createController } from "./controller.ts";
import type { ControllerOptions } from "./controller-options.ts";
import { KubeError } from "./errors.ts";
import { createKubeMetrics } from "./metrics.ts";
import { keyOf, type ObjectKey } from "./object.ts";
import { createObjectStore } from "./object-store.ts";
import { type Requeue, requeueAfter, requeueOnChange } from "./requeue.ts";
import { fromStore } from "./source.ts";
import { metricValue } from "./testing/metric-value.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";
import { recordingTracer } from "./testing/recording-tracer.ts";
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

  it("takes edits before dependants, and both before what only came with the first list", async () => {
    const store = createObjectStore<Widget>();
    store.replaceAll([widget("a", 1), widget("b", 1), widget("c", 1)]);
    const map = (object: Widget) => [
      keyOf(object),
      { namespace: "home", name: `of-${object.metadata.name}` },
    ];
    const world = new World({ sources: [fromStore(store, map)], synced: [store], concurrency: 1 });
    expect(await world.started()).toEqual(["a"]);
    store.put(widget("c", 2));
    for (let call = 0; call < 5; call++) {
      world.call(call).succeed();
      await world.started();
    }
    expect(await world.started()).toEqual(["a", "c", "of-c", "of-a", "b", "of-b"]);
    world.call(5).succeed();
    await world.stop();
  });

  it("waits seconds at most while the server is away, however long that takes", async () => {
    let calls = 0;
    const away = new KubeError("Unreachable", "no connection");
    const world = new World({
      reconcile: () => {
        calls += 1;
        return calls < 40 ? Promise.reject(away) : Promise.resolve(requeueOnChange);
      },
    });
    world.store.replaceAll([widget("a", 1)]);
    await world.clock.advance(200_000);
    expect(calls).toBe(40);
    const delays = world.logger.lines.map(({ fields }) => Number(fields["retryInMs"] ?? 0));
    expect(Math.max(...delays)).toBeLessThanOrEqual(4_000);
    await world.stop();
  });

  it("reconciles everything again after about ten hours", async () => {
    const world = new World();
    world.store.replaceAll([widget("a", 1), widget("b", 1)]);
    await world.started();
    for (const call of world.calls) call.succeed();
    await world.clock.advance(36_000_000);
    expect(await world.started()).toEqual(["a", "b", "a", "b"]);
    for (const call of world.calls) call.succeed();
    await world.stop();
  });

  it("quarantines a key that changes all the time, and says so", async () => {
    const changes: unknown[] = [];
    let calls = 0;
    const world = new World({
      reconcile: () => Promise.resolve(requeueOnChange).finally(() => (calls += 1)),
      onQuarantine: (change) => changes.push(change),
    });
    world.store.replaceAll([]);
    await world.started();
    for (let version = 1; version <= 60; version++) {
      world.store.put(widget("a", version));
      await world.started();
    }
    const key = { namespace: "home", name: "a" };
    expect(calls).toBe(50);
    expect(changes).toEqual([{ key, kind: "quarantined", reason: "tooOften" }]);
    await world.clock.advance(30_000);
    expect(calls).toBe(51);
    await world.clock.advance(270_000);
    expect(changes).toEqual([expect.anything(), { key, kind: "released" }]);
    await world.stop();
  });

  it.each([
    {
      name: "makes the try good that the server failed",
      error: new KubeError("Unavailable", "503"),
      againAfterMs: [0, 10],
    },
    {
      name: "lets one that failed by itself wait for the next",
      error: new Error("bad"),
      againAfterMs: [30_000, 30_000],
    },
  ])("while a key is quarantined, $name", async ({ error, againAfterMs: [soonest, latest] }) => {
    const tries: number[] = [];
    const world: World = new World({
      breaker: { burst: 2, refillMs: 600_000, openMs: 300_000, probeMs: 30_000, restMs: 2_000 },
      reconcile: async () => {
        tries.push(world.clock.monotonic());
        if (tries.length === 3) throw error;
        return requeueOnChange;
      },
    });
    world.store.replaceAll([]);
    for (let version = 1; version <= 3; version++) {
      await world.started();
      world.store.put(widget("a", version));
    }
    await world.clock.advance(40_000);
    expect(tries).toHaveLength(4);
    const [, named = 0, failed = 0, again = 0] = tries;
    expect(failed - named).toBe(2_000); // at rest
    expect(again - failed).toBeGreaterThanOrEqual(soonest ?? 0);
    expect(again - failed).toBeLessThanOrEqual(latest ?? 0);
    await world.stop();
  });

  it("releases a key whose object is deleted", async () => {
    const changes: string[] = [];
    const world = new World({
      reconcile: () => Promise.resolve(requeueOnChange),
      onQuarantine: ({ kind }) => changes.push(kind),
      breaker: { burst: 2, refillMs: 60_000, openMs: 300_000, probeMs: 30_000, restMs: 2_000 },
    });
    world.store.replaceAll([]);
    await world.started();
    for (let version = 1; version <= 3; version++) {
      world.store.put(widget("a", version));
      await world.started();
    }
    world.store.remove(keyOf(widget("a", 3)));
    expect(changes).toEqual(["quarantined", "released"]);
    await world.stop();
  });

  it("leaves a reconcile behind that does not end, and never runs its key twice at once", async () => {
    const changes: unknown[] = [];
    const world = new World({
      deadlineMs: 100,
      concurrency: 1,
      onQuarantine: (change) => changes.push(change),
    });
    world.store.replaceAll([widget("a", 1), widget("b", 1)]);
    await world.clock.advance(100);
    expect(await world.started()).toEqual(["a"]);
    await world.clock.advance(5_000);
    expect(await world.started()).toEqual(["a", "b"]);
    expect(changes).toMatchObject([{ key: { name: "a" }, kind: "quarantined", reason: "stuck" }]);
    world.call(1).succeed();
    world.store.put(widget("a", 2));
    await world.clock.advance(60_000);
    expect(await world.started()).toEqual(["a", "b"]);
    world.call(0).fail(new Error("at last"));
    await world.clock.advance(30_000);
    expect(await world.started()).toEqual(["a", "b", "a"]);
    world.call(2).succeed();
    await world.stop();
  });

  it("stops although a reconcile does not end", async () => {
    const world = new World({ deadlineMs: 60_000 });
    world.store.replaceAll([widget("a", 1)]);
    await world.started();
    const stopped = world.stop();
    await world.clock.advance(30_000);
    await stopped;
  });

  it("counts and traces what it does", async () => {
    const registry = new Registry();
    const { tracer, spans } = recordingTracer();
    const world = new World({ metrics: createKubeMetrics(registry), tracer, concurrency: 1 });
    world.store.replaceAll([widget("a", 1), widget("b", 1)]);
    await world.started();
    expect(await metricValue(registry, "controller_runtime_active_workers")).toBe(1);
    expect(await metricValue(registry, "workqueue_depth")).toBe(1);
    world.call(0).fail(new Error("oops"));
    await world.clock.advance(10);
    world.call(1).succeed(requeueAfter(1_000_000));
    await world.clock.advance(10);
    world.call(2).succeed();
    await world.stop();
    const total = (result: string) =>
      metricValue(registry, "controller_runtime_reconcile_total", { controller: "test", result });
    expect([await total("error"), await total("requeue_after"), await total("success")]).toEqual([1, 1, 1]);
    expect(await metricValue(registry, "controller_runtime_active_workers")).toBe(0);
    expect(await metricValue(registry, "workqueue_adds_total", { name: "test" })).toBe(3);
    expect(await metricValue(registry, "workqueue_retries_total", { name: "test" })).toBe(1);
    expect(spans.map(({ name, failed: broken }) => [name, broken])).toEqual([
      ["reconcile test", true],
      ["reconcile test", false],
      ["reconcile test", false],
    ]);
    expect(spans[0]?.attributes).toEqual({
      controller: "test",
      "reconcile.id": "test-1",
      "object.namespace": "home",
      "object.name": "a",
    });
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
