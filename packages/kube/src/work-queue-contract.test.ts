/** The contract of controller-runtime's queue, sentence by sentence: one case for each. */
import { FakeClock, SeededRandom } from "@lmos/testing";
import { expect, it } from "vitest";
import type { Lane } from "./lanes.ts";
import { createWorkQueue, type Taken, type WorkQueue } from "./work-queue.ts";

interface World {
  readonly clock: FakeClock;
  readonly queue: WorkQueue;
  /** The next key, or undefined where none is ready now. */
  next(): Promise<Taken | undefined>;
  /** Keys in the order in which they can be taken now; each is done at once. */
  drain(): Promise<readonly string[]>;
}

function start(): World {
  const clock = new FakeClock();
  const queue = createWorkQueue({ clock, random: new SeededRandom(1) });
  const next = async (): Promise<Taken | undefined> => {
    const stop = new AbortController();
    const taking = queue.take({ signal: stop.signal });
    await Promise.resolve(); // a ready key is taken at once; where none is, the taker is told to stop
    stop.abort();
    return taking;
  };
  const drain = async (): Promise<readonly string[]> => {
    const keys: string[] = [];
    for (let taken = await next(); taken !== undefined; taken = await next()) {
      keys.push(taken.key);
      queue.done(taken.key);
    }
    return keys;
  };
  return { clock, queue, next, drain };
}

const sentences: readonly { readonly name: string; readonly holds: (world: World) => Promise<void> }[] = [
  {
    name: "fair: keys are processed in the order in which they were added",
    holds: async ({ queue, drain }) => {
      for (const key of ["c", "a", "b"]) queue.add(key, "edit");
      expect(await drain()).toEqual(["c", "a", "b"]);
    },
  },
  {
    name: "stingy: a key that is added several times before it is processed is processed once",
    holds: async ({ queue, drain }) => {
      for (const key of ["a", "a", "b", "a"]) queue.add(key, "edit");
      expect(await drain()).toEqual(["a", "b"]);
    },
  },
  {
    name: "adding a waiting key again does not move it to the back",
    holds: async ({ queue, drain }) => {
      for (const key of ["a", "b", "c", "a"]) queue.add(key, "edit");
      expect(await drain()).toEqual(["a", "b", "c"]);
    },
  },
  {
    name: "a key is never processed by two workers at once",
    holds: async ({ queue, next }) => {
      queue.add("a", "edit");
      expect((await next())?.key).toBe("a");
      queue.add("a", "edit");
      expect(await next()).toBeUndefined();
    },
  },
  {
    name: "a key may be added while it is processed, and is then processed again when it is done",
    holds: async ({ queue, next }) => {
      queue.add("a", "edit");
      await next();
      queue.add("a", "edit");
      queue.done("a");
      expect((await next())?.key).toBe("a");
    },
  },
  {
    name: "a key that was not added while it was processed is not processed again",
    holds: async ({ queue, next }) => {
      queue.add("a", "edit");
      await next();
      queue.done("a");
      expect(await next()).toBeUndefined();
    },
  },
  {
    name: "a key that is processed holds up no other",
    holds: async ({ queue, next }) => {
      for (const key of ["a", "b"]) queue.add(key, "edit");
      expect([(await next())?.key, (await next())?.key]).toEqual(["a", "b"]);
    },
  },
  {
    name: "several workers wait at the same time, and each gets a key of its own",
    holds: async ({ queue }) => {
      const { signal } = new AbortController();
      const takers = [queue.take({ signal }), queue.take({ signal }), queue.take({ signal })];
      for (const key of ["a", "b", "c"]) queue.add(key, "edit");
      const taken = await Promise.all(takers);
      expect(taken.map((each) => each?.key).sort()).toEqual(["a", "b", "c"]);
    },
  },
  {
    name: "one key wakes one worker: the others go on waiting",
    holds: async ({ queue }) => {
      const stop = new AbortController();
      const takers = [queue.take(stop), queue.take(stop)];
      queue.add("a", "edit");
      await Promise.race(takers);
      stop.abort();
      const taken = await Promise.all(takers);
      expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
    },
  },
  {
    name: "keys of higher priority come first",
    holds: async ({ queue, drain }) => {
      for (const lane of ["resync", "retry", "dependant", "edit"] as const) queue.add(lane, lane);
      expect(await drain()).toEqual(["edit", "dependant", "retry", "resync"]);
    },
  },
  {
    name: "adding a waiting key with a higher priority raises it",
    holds: async ({ queue, drain }) => {
      queue.add("a", "resync");
      queue.add("b", "dependant");
      queue.add("a", "edit");
      expect(await drain()).toEqual(["a", "b"]);
    },
  },
  {
    name: "adding a waiting key with a lower priority does not lower it",
    holds: async ({ queue, next }) => {
      queue.add("a", "edit");
      queue.add("a", "resync");
      expect(await next()).toEqual({ key: "a", lane: "edit" });
    },
  },
  {
    name: "a key that was added while it was processed keeps the highest priority of these additions",
    holds: async ({ queue, next }) => {
      queue.add("a", "resync");
      await next();
      for (const lane of ["resync", "edit", "retry"] satisfies Lane[]) queue.add("a", lane);
      queue.done("a");
      expect(await next()).toEqual({ key: "a", lane: "edit" });
    },
  },
  {
    name: "low priority is no starvation",
    holds: async ({ queue, drain }) => {
      queue.add("late", "resync");
      for (let edit = 0; edit < 40; edit++) queue.add(`e${edit}`, "edit");
      expect((await drain()).indexOf("late")).toBeLessThan(16);
    },
  },
  {
    name: "a delayed key is not handed out before its time, and then at once",
    holds: async ({ queue, clock, drain }) => {
      queue.addAfter("a", 1_000);
      await clock.advance(999);
      expect(await drain()).toEqual([]);
      await clock.advance(1);
      expect(await drain()).toEqual(["a"]);
    },
  },
  {
    name: "of several delays of a key the shortest counts, and the key comes once",
    holds: async ({ queue, clock, drain }) => {
      for (const ms of [3_000, 1_000, 2_000]) queue.addAfter("a", ms);
      await clock.advance(1_000);
      expect(await drain()).toEqual(["a"]);
      await clock.advance(10_000);
      expect(await drain()).toEqual([]);
    },
  },
  {
    name: "a key that is added while it is delayed is handed out at once",
    holds: async ({ queue, drain }) => {
      queue.addAfter("a", 1_000);
      queue.add("a", "edit");
      expect(await drain()).toEqual(["a"]);
    },
  },
  {
    name: "a delay of nothing, or less than nothing, is no delay",
    holds: async ({ queue, clock, drain }) => {
      queue.addAfter("a", 0);
      queue.addAfter("b", -5);
      await clock.advance(0);
      expect([...(await drain())].sort()).toEqual(["a", "b"]);
    },
  },
  {
    name: "a key whose time comes while it is processed is handed out when it is done",
    holds: async ({ queue, clock, next }) => {
      queue.add("a", "edit");
      await next();
      queue.addAfter("a", 10);
      await clock.advance(10);
      expect(await next()).toBeUndefined();
      queue.done("a");
      expect((await next())?.key).toBe("a");
    },
  },
  {
    name: "a delay longer than the platform's timers can be is kept all the same",
    holds: async ({ queue, clock, drain }) => {
      const fiftyDaysMs = 50 * 24 * 3_600_000;
      queue.addAfter("a", fiftyDaysMs);
      await clock.advance(fiftyDaysMs - 1);
      expect(await drain()).toEqual([]);
      await clock.advance(1);
      expect(await drain()).toEqual(["a"]);
    },
  },
  {
    name: "a failing key waits twice as long each time",
    holds: async ({ queue }) => {
      const delays = Array.from({ length: 6 }, () => queue.retry("a", "failure"));
      for (const [index, delay] of delays.slice(1).entries()) {
        expect(delay / (delays[index] ?? 0)).toBeGreaterThan(1.5);
        expect(delay / (delays[index] ?? 0)).toBeLessThan(2.6);
      }
    },
  },
  {
    name: "a failing key holds up no other",
    holds: async ({ queue, drain }) => {
      for (let failure = 0; failure < 20; failure++) queue.retry("a", "failure");
      queue.add("b", "edit");
      expect(await drain()).toEqual(["b"]);
    },
  },
  {
    name: "an edit of a failing key does not wait for its back-off",
    holds: async ({ queue, drain }) => {
      for (let failure = 0; failure < 20; failure++) queue.retry("a", "failure");
      queue.add("a", "edit");
      expect(await drain()).toEqual(["a"]);
    },
  },
  {
    name: "forgetting a key starts its back-off anew, and does not take it out",
    holds: async ({ queue, clock, drain }) => {
      for (let failure = 0; failure < 8; failure++) queue.retry("a", "failure");
      queue.forget("a");
      expect(queue.retry("a", "failure")).toBeLessThanOrEqual(5);
      await clock.advance(5);
      expect(await drain()).toEqual(["a"]);
    },
  },
  {
    name: "forgetting a key that nobody knows is nothing",
    holds: async ({ queue, drain }) => {
      queue.forget("nobody");
      expect(await drain()).toEqual([]);
    },
  },
  {
    name: "marking a key done that is not processed is nothing",
    holds: async ({ queue, drain }) => {
      queue.add("a", "edit");
      queue.done("a");
      queue.done("b");
      expect(await drain()).toEqual(["a"]);
    },
  },
  {
    name: "the length is that of what is due, without what is processed or delayed",
    holds: async ({ queue, next }) => {
      for (const key of ["a", "b", "c"]) queue.add(key, "edit");
      queue.addAfter("d", 1_000);
      expect(queue.depth).toBe(3);
      await next();
      expect(queue.depth).toBe(2);
      queue.add("a", "edit");
      expect(queue.depth).toBe(3);
    },
  },
  {
    name: "shutting down: nothing more is added, also not what was delayed",
    holds: async ({ queue, clock, drain }) => {
      queue.addAfter("a", 10);
      queue[Symbol.dispose]();
      queue.add("b", "edit");
      queue.addAfter("c", 1);
      await clock.advance(1_000);
      expect(await drain()).toEqual([]);
    },
  },
];

it.each(sentences)("$name", ({ holds }) => holds(start()));
