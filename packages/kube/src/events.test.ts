import { FakeClock, SequentialIds } from "@lmos/testing";
import { describe, expect, it } from "vitest";
import { createEventRecorder, type EventRecord, type EventRecorder } from "./events.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";
import { widget } from "./testing/widget.ts";

const resolved: EventRecord = {
  regarding: widget("a", 7),
  type: "Normal",
  reason: "Resolved",
  action: "Resolve",
  note: "all is well",
};

/** A client that keeps what is written, fails as told, and can be made to wait. */
class FakeWriter {
  readonly created: unknown[] = [];
  readonly patched: unknown[] = [];
  failure: Error | undefined;
  hold: Promise<void> = Promise.resolve();

  readonly create = async <T>(_type: unknown, object: T): Promise<T> => {
    await this.hold;
    if (this.failure !== undefined) throw this.failure;
    this.created.push(object);
    return object;
  };

  readonly patch = async (_type: unknown, key: unknown, patch: unknown): Promise<never> => {
    this.patched.push({ key, patch });
    throw new Error("the answer does not matter");
  };
}

interface World {
  readonly writer: FakeWriter;
  readonly clock: FakeClock;
  readonly logger: RecordingLogger;
  readonly recorder: EventRecorder;
}

function start(): World {
  const [writer, clock, logger] = [new FakeWriter(), new FakeClock(), new RecordingLogger()];
  const recorder = createEventRecorder({
    client: writer,
    component: "test-operator",
    instance: "test-0",
    clock,
    ids: new SequentialIds(),
    logger,
  });
  return { writer, clock, logger, recorder };
}

describe("an event recorder", () => {
  it("writes an event of events.k8s.io/v1 beside its object", async () => {
    const { writer, clock, recorder } = start();
    recorder.record(resolved);
    await clock.advance(0);
    expect(writer.created).toEqual([
      {
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { name: "a.id-1", namespace: "home" },
        eventTime: "2026-01-01T00:00:00.000000Z",
        reportingController: "test-operator",
        reportingInstance: "test-0",
        type: "Normal",
        reason: "Resolved",
        action: "Resolve",
        note: "all is well",
        regarding: {
          apiVersion: "things.test/v1",
          kind: "Widget",
          name: "a",
          namespace: "home",
          uid: "uid-a",
          resourceVersion: "7",
        },
      },
    ]);
  });

  it("writes events of cluster-scoped objects into the namespace default", async () => {
    const { writer, clock, recorder } = start();
    recorder.record({ ...resolved, regarding: { ...widget("a", 1), metadata: { name: "a" } } });
    await clock.advance(0);
    expect(writer.created).toMatchObject([{ metadata: { namespace: "default" } }]);
  });

  it("makes a series of what repeats, written at once and then every five minutes, the last count too", async () => {
    const { writer, clock, recorder } = start();
    for (let times = 0; times < 3; times++) recorder.record(resolved);
    await clock.advance(299_000);
    recorder.record(resolved);
    await clock.advance(1_000);
    recorder.record(resolved);
    await clock.advance(600_000);
    const seriesOf = (count: number, lastObservedTime: string) => ({
      key: { name: "a.id-1", namespace: "home" },
      patch: { kind: "merge", body: { series: { count, lastObservedTime } } },
    });
    expect(writer.created).toHaveLength(1);
    expect(writer.patched).toEqual([
      seriesOf(2, "2026-01-01T00:00:00.000000Z"),
      seriesOf(4, "2026-01-01T00:04:59.000000Z"),
      seriesOf(5, "2026-01-01T00:05:00.000000Z"),
    ]);
    expect(clock.sleeping).toBe(0);
  });

  it.each([
    { name: "another note", other: { note: "all is different" } },
    { name: "another reason", other: { reason: "Unresolved" } },
    { name: "another object", other: { regarding: widget("b", 7) } },
    { name: "another object of the same name", other: { regarding: widget("a", 8, { uid: "new" }) } },
  ])("takes $name for another event", async ({ other }) => {
    const { writer, clock, recorder } = start();
    recorder.record(resolved);
    recorder.record({ ...resolved, ...other });
    await clock.advance(0);
    expect(writer.created).toHaveLength(2);
  });

  it("begins a new event when the last one is six minutes old", async () => {
    const { writer, clock, recorder } = start();
    recorder.record(resolved);
    await clock.advance(6 * 60_000);
    recorder.record(resolved);
    await clock.advance(0);
    expect(writer.created).toHaveLength(2);
  });

  it("cuts a note at 1,024 bytes and no character in two", async () => {
    const { writer, clock, recorder } = start();
    recorder.record({ ...resolved, note: `x${"ü".repeat(1_000)}` });
    await clock.advance(0);
    expect(writer.created).toMatchObject([{ note: `x${"ü".repeat(511)}` }]);
  });

  it("never throws: a write that fails is logged", async () => {
    const { writer, clock, logger, recorder } = start();
    writer.failure = new Error("forbidden");
    recorder.record(resolved);
    await clock.advance(0);
    expect(logger.lines).toMatchObject([{ message: "event can't be written and is dropped" }]);
  });

  it("drops what is too much for its buffer, and says so once at the beginning and once at the end", async () => {
    const { writer, clock, logger, recorder } = start();
    const open = Promise.withResolvers<void>();
    writer.hold = open.promise;
    for (let index = 0; index < 1_003; index++)
      recorder.record({ ...resolved, regarding: widget(`w${index}`, 7) });
    expect(logger.lines).toMatchObject([{ message: "too many events, some are dropped" }]);
    open.resolve();
    await clock.advance(0);
    expect(writer.created).toHaveLength(1_001);
    expect(logger.lines.slice(1)).toMatchObject([{ message: "events were dropped", fields: { dropped: 2 } }]);
    recorder.record({ ...resolved, regarding: widget("later", 7) });
    await clock.advance(0);
    expect(logger.lines).toHaveLength(2);
  });

  it("writes what is left, counts included, when it is disposed, and then nothing more", async () => {
    const { writer, recorder } = start();
    for (let times = 0; times < 4; times++) recorder.record(resolved);
    await recorder[Symbol.asyncDispose]();
    recorder.record({ ...resolved, note: "too late" });
    expect(writer.created).toHaveLength(1);
    expect(writer.patched).toMatchObject([
      { patch: { body: { series: { count: 2 } } } },
      { patch: { body: { series: { count: 4 } } } },
    ]);
  });
});

describe("events that differ in their notes alone", () => {
  const happen = (recorder: EventRecorder, from: number, to: number, reason = "Resolved"): void => {
    for (let time = from; time < to; time++) recorder.record({ ...resolved, reason, note: `thing ${time}` });
  };

  it("are one series after ten of them", async () => {
    const { writer, clock, recorder } = start();
    happen(recorder, 0, 20);
    await clock.advance(0);
    expect(writer.created).toHaveLength(11);
    expect(writer.created.at(-1)).toMatchObject({ note: "(combined from similar events): thing 10" });
    expect(writer.patched).toMatchObject([{ patch: { body: { series: { count: 2 } } } }]);
    await clock.advance(300_000);
    expect(writer.patched.at(-1)).toMatchObject({ patch: { body: { series: { count: 10 } } } });
  });

  it("leave other reasons alone, and go on with the series that there are", async () => {
    const { writer, clock, recorder } = start();
    happen(recorder, 0, 12);
    happen(recorder, 0, 2, "Unresolved");
    happen(recorder, 3, 4);
    await clock.advance(0);
    expect(writer.created).toHaveLength(13);
    expect(writer.created.slice(11)).toMatchObject([{ note: "thing 0" }, { note: "thing 1" }]);
    const [series] = writer.patched.slice(-1);
    expect(series).toMatchObject({ key: { name: "a.id-4" }, patch: { body: { series: { count: 2 } } } });
  });

  it("are told one by one again after ten minutes", async () => {
    const { writer, clock, recorder } = start();
    happen(recorder, 0, 12);
    await clock.advance(10 * 60_000);
    happen(recorder, 20, 22);
    await clock.advance(0);
    expect(writer.created.slice(11)).toMatchObject([{ note: "thing 20" }, { note: "thing 21" }]);
  });
});

describe("an object about which too much happens", () => {
  const happen = (recorder: EventRecorder, times: number, from = 0, regarding = widget("a", 7)): void => {
    for (let time = from; time < from + times; time++) {
      recorder.record({ ...resolved, regarding, reason: `Thing${time}` });
    }
  };

  it("gets 25 events at once, then one every five minutes", async () => {
    const { writer, clock, logger, recorder } = start();
    happen(recorder, 30);
    await clock.advance(0);
    expect(writer.created).toHaveLength(25);
    expect(logger.lines.filter(({ message }) => message.startsWith("too many events of one"))).toHaveLength(
      5,
    );
    await clock.advance(299_999);
    happen(recorder, 1, 100);
    await clock.advance(1);
    happen(recorder, 2, 200);
    await clock.advance(0);
    expect(writer.created).toHaveLength(26);
  });

  it("costs no other object its events, nor one of the same name that was made anew", async () => {
    const { writer, clock, recorder } = start();
    happen(recorder, 30);
    happen(recorder, 3, 0, widget("b", 7));
    happen(recorder, 3, 0, widget("a", 9, { uid: "another" }));
    await clock.advance(0);
    expect(writer.created).toHaveLength(25 + 3 + 3);
  });

  it("goes on counting the series that it has", async () => {
    const { writer, clock, recorder } = start();
    recorder.record(resolved);
    happen(recorder, 30);
    for (let time = 0; time < 9; time++) recorder.record(resolved);
    await clock.advance(300_000);
    const body = { series: expect.objectContaining({ count: 10 }) };
    expect(writer.patched.at(-1)).toMatchObject({ patch: { kind: "merge", body } });
  });
});
