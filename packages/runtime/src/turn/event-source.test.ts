import { describe, expect, test } from "vitest";
import { collect } from "../testing/turns.ts";
import {
  type EventReader,
  type EventStep,
  noMoreEvents,
  sourceOf,
  TurnEventSource,
  tell,
} from "./event-source.ts";
import type { TurnEvent } from "./turn.ts";

const notes: readonly TurnEvent[] = ["one", "two"].map((text) => ({ kind: "note", text }));

/** Tells its events at once. */
class ToldEvents extends TurnEventSource {
  readonly #events = [...notes];
  left = false;

  read(reader: EventReader): void {
    const value = this.#events.shift();
    reader.take(value === undefined ? noMoreEvents : { done: false, value });
  }

  async return(): Promise<EventStep> {
    this.left = true;
    return noMoreEvents;
  }
}

async function* generated(): AsyncGenerator<TurnEvent, void> {
  yield* notes;
}

async function* failing(): AsyncGenerator<TurnEvent, void> {
  yield* notes;
  throw new Error("broken");
}

/** Reads all; what was told, and what it failed with. */
function readAll(
  source: TurnEventSource,
): Promise<{ readonly told: readonly unknown[]; readonly error?: unknown }> {
  const told: unknown[] = [];
  return new Promise((resolve) => {
    const reader: EventReader = {
      take: (step) => {
        if (step.done === true) return resolve({ told });
        told.push(step.value);
        source.read(reader);
      },
      fail: (error) => resolve({ told, error }),
    };
    source.read(reader);
  });
}

describe("events that tell a reader", () => {
  test("are those that a loop reads", async () => {
    expect(await collect(new ToldEvents())).toEqual(notes);
  });

  test("are left when the loop is", async () => {
    const events = new ToldEvents();
    for await (const event of events) {
      expect(event).toEqual(notes[0]);
      break;
    }
    expect(events.left).toBe(true);
  });

  test("make the loop fail when they throw", async () => {
    class Throwing extends ToldEvents {
      override read(): void {
        throw new Error("broken");
      }
    }
    await expect(collect(new Throwing())).rejects.toThrow("broken");
  });
});

describe("the events of an iterator", () => {
  test("are told to a reader, to their end", async () => {
    expect(await readAll(sourceOf(generated()))).toEqual({ told: notes });
  });

  test("tell what they fail with", async () => {
    expect(await readAll(sourceOf(failing()))).toEqual({ told: notes, error: new Error("broken") });
  });

  test("can be read in a loop all the same", async () => {
    expect(await collect(sourceOf(generated()))).toEqual(notes);
  });

  test("end when they are left", async () => {
    const events = generated();
    const source = sourceOf(events);
    await source.next();
    expect(await source.return()).toEqual(noMoreEvents);
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  test("are left without a word where the iterator knows none", async () => {
    const source = sourceOf({ next: async () => noMoreEvents });
    expect(await source.return()).toEqual(noMoreEvents);
  });

  test("of a source are that source", () => {
    const source = new ToldEvents();
    expect(sourceOf(source)).toBe(source);
  });
});

test.each([
  { name: "a step", step: async () => noMoreEvents, heard: noMoreEvents },
  { name: "why there is none", step: () => Promise.reject(new Error("broken")), heard: new Error("broken") },
])("tells $name when it is there", async ({ step, heard }) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  tell(step(), { take: resolve, fail: resolve });
  expect(await promise).toEqual(heard);
});
