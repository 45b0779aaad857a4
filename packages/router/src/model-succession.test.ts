/** A service with scripted models: what it serves, and what a generation keeps of it, are letters. */
import { type EmbeddingModel, EmbeddingsError } from "@lmos/embeddings";
import type { LogFields, Logger } from "@lmos/primitives";
import { FakeClock, SeededRandom } from "@lmos/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelSuccession, type SuccessionStep } from "./model-succession.ts";

const { signal } = new AbortController();

/** A service that serves one model at a time. */
class Service {
  serves = "a";
  isAway = false;
  reloads = 0;

  model(id = this.serves): EmbeddingModel {
    return {
      id,
      dimension: 1,
      isRemote: true,
      embed: async (texts) => {
        this.#answer();
        if (this.serves !== id) throw new EmbeddingsError("ModelChanged", `${id} is now ${this.serves}`);
        return texts.map(() => Float32Array.of(id.charCodeAt(0)));
      },
      reload: async () => {
        this.reloads += 1;
        this.#answer();
        return this.model();
      },
    };
  }

  #answer(): void {
    if (this.isAway) throw new EmbeddingsError("ServiceFailed", "it is away");
  }
}

interface Generation {
  readonly model: EmbeddingModel;
  /** Of which models it keeps vectors. */
  readonly holds: string[];
}

type Prepare = (next: Generation, step: SuccessionStep<Generation>) => Promise<void>;

const embedOne: Prepare = async (next, call) => {
  const [vector] = await next.model.embed(["a text"], call);
  next.holds.push(String.fromCharCode(vector?.[0] ?? 0));
};

function recorder(lines: string[]): Logger {
  const at = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push(`${level}: ${message} ${JSON.stringify(fields)}`);
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: () => recorder(lines),
  };
}

function follow({ prepare = embedOne, complete }: { prepare?: Prepare; complete?: Prepare } = {}) {
  const service = new Service();
  const clock = new FakeClock();
  const lines: string[] = [];
  const succession = new ModelSuccession<Generation>({
    embedding: service.model(),
    create: (model) => ({ model, holds: [] }),
    prepare,
    complete,
    ...{ clock, random: new SeededRandom(1), logger: recorder(lines) },
  });
  const stop = new AbortController();
  const running = succession.run({ signal: stop.signal });
  /** A message comes; its vector is of the model that serves, or it is told that there is none. */
  const ask = async (): Promise<string> => {
    const { model } = succession.current;
    const embedding = Promise.resolve(model.embed(["hello"], { signal }));
    const embedded = await embedding.catch((error: Error) => error.message);
    const answer = typeof embedded === "string" ? embedded : model.id;
    await clock.advance(0);
    return answer;
  };
  return { service, clock, lines, succession, stop, running, ask };
}

describe("the succession of a model", () => {
  test("leaves a service alone that does not change", async () => {
    const { service, succession, clock, ask, lines } = follow();
    for (let message = 0; message < 5; message++) expect(await ask()).toBe("a");
    await clock.advance(3_600_000);
    expect([service.reloads, succession.changes, lines]).toEqual([0, 0, []]);
  });

  test("follows a change at the first message that meets it, and serves the successor at once", async () => {
    const { service, succession, ask, lines } = follow();
    const before = succession.current;
    service.serves = "b";
    expect(await ask()).toBe("a is now b");
    expect(await ask()).toBe("b");
    expect([before.model.id, succession.current.model.id, succession.current.holds]).toEqual([
      "a",
      "b",
      ["b"],
    ]);
    expect([succession.changes, succession.preparing, service.reloads]).toEqual([1, false, 1]);
    expect(lines).toEqual([
      'warn: The model of vectors has changed: a successor is prepared {"model":"a","successor":"b"}',
      'info: A model of vectors has taken over {"model":"b"}',
    ]);
  });

  test("serves the one before while the successor is prepared, and swaps when it is", async () => {
    const prepared = Promise.withResolvers<void>();
    const { service, succession, clock, ask } = follow({ prepare: () => prepared.promise });
    service.serves = "b";
    await ask();
    expect([succession.current.model.id, succession.preparing]).toEqual(["a", true]);
    service.serves = "a"; // one server of several
    expect(await ask()).toBe("a");
    service.serves = "b";
    prepared.resolve();
    await clock.advance(0);
    expect([succession.current.model.id, succession.preparing]).toEqual(["b", false]);
  });

  test("stays with the one before where the service has gone back", async () => {
    const { service, succession, clock } = follow();
    service.serves = "b";
    const seen = expect(succession.current.model.embed(["x"], { signal })).rejects.toThrow("a is now b");
    service.serves = "a";
    await seen;
    await clock.advance(0);
    expect([service.reloads, succession.current.model.id, succession.changes]).toEqual([1, "a", 0]);
  });

  test("tells whoever asked why there is no vector", async () => {
    const { service, succession } = follow();
    service.serves = "b";
    await expect(succession.current.model.embed(["x"], { signal })).rejects.toMatchObject({
      code: "ModelChanged",
    });
    service.isAway = true;
    await expect(succession.current.model.embed(["x"], { signal })).rejects.toMatchObject({
      code: "ServiceFailed",
    });
  });

  test("does not take an outage for a change", async () => {
    const { service, clock, ask } = follow();
    service.isAway = true;
    expect(await ask()).toBe("it is away");
    await clock.advance(600_000);
    expect(service.reloads).toBe(0);
  });

  test.each([
    { name: "after a second at first", waitMs: 1000, least: 2, most: 2 },
    { name: "every minute in the end", waitMs: 600_000, least: 14, most: 18 },
  ])("asks a service that is away again, $name", async ({ waitMs, least, most }) => {
    const { service, clock, ask, succession } = follow();
    service.serves = "b";
    const seen = ask();
    service.isAway = true;
    await seen;
    await clock.advance(0);
    await clock.advance(waitMs);
    expect(service.reloads).toBeGreaterThanOrEqual(least);
    expect(service.reloads).toBeLessThanOrEqual(most);
    service.isAway = false;
    await clock.advance(60_000);
    expect([succession.current.model.id, succession.changes]).toEqual(["b", 1]);
  });

  test("goes on with the same successor when preparing it fails", async () => {
    let failures = 2;
    const seen = new Set<Generation>();
    const { service, succession, clock, ask, lines } = follow({
      prepare: async (next, step) => {
        seen.add(next);
        await embedOne(next, step);
        if (failures-- > 0) throw new Error("no room");
      },
    });
    service.serves = "b";
    await ask();
    await clock.advance(10_000);
    expect([seen.size, succession.current.holds]).toEqual([1, ["b", "b", "b"]]);
    expect(lines.filter((line) => line.includes('"error":"no room"'))).toHaveLength(2);
  });

  test("prepares another successor when the model changes again meanwhile", async () => {
    const { service, succession, clock, ask } = follow({
      prepare: async (next, step) => {
        if (next.model.id === "b") service.serves = "c";
        await embedOne(next, step);
      },
    });
    service.serves = "b";
    await ask();
    expect(succession.current.model.id).toBe("a");
    await clock.advance(5000);
    expect([succession.current.model.id, succession.current.holds, succession.changes]).toEqual([
      "c",
      ["c"],
      1,
    ]);
  });

  test("is told of no change by a generation that serves no more", async () => {
    const { service, succession, clock, ask } = follow();
    const { model } = succession.current;
    service.serves = "b";
    await ask();
    await expect(model.embed(["late"], { signal })).rejects.toThrow("a is now b");
    await clock.advance(3_600_000);
    expect([service.reloads, succession.current.model.id]).toEqual([1, "b"]);
  });

  test("completes what serves already, and lets it serve when that fails", async () => {
    const { service, succession, ask, lines } = follow({
      complete: async (next, { previous }) => {
        expect([previous.model.id, next.holds]).toEqual(["a", ["b"]]);
        throw new Error("too much");
      },
    });
    service.serves = "b";
    await ask();
    expect(succession.current.model.id).toBe("b");
    expect(lines.at(-1)).toContain('"error":"too much"');
  });

  test("gives its generation a model that cannot be loaded again as it is", async () => {
    const model = { ...new Service().model(), reload: undefined };
    const created: EmbeddingModel[] = [];
    const succession = new ModelSuccession({
      embedding: model,
      create: (given) => created.push(given),
      prepare: async () => undefined,
      ...{ clock: new FakeClock(), random: new SeededRandom(1), logger: recorder([]) },
    });
    expect([created[0] === model, succession.changes]).toEqual([true, 0]);
  });

  test.each([
    { name: "while it waits for a change", service: "a" },
    { name: "while a successor is prepared", service: "b" },
  ])("ends when it is aborted $name", async ({ service: serves }) => {
    const { service, stop, running, ask } = follow({
      prepare: (_next, step) =>
        new Promise((_resolve, reject) =>
          step.signal.addEventListener("abort", () => reject(step.signal.reason)),
        ),
    });
    service.serves = serves;
    await ask();
    stop.abort(new Error("stop"));
    await expect(running).resolves.toBeUndefined();
  });
});

describe("a service that goes back and forth", () => {
  /** Turns to another model whenever it is followed, for as long as it is asked. */
  async function flip(hours: number) {
    const world = follow();
    let serves = 0;
    for (let minute = 0; minute < hours * 60; minute++) {
      if (world.succession.current.model.id === world.service.serves) {
        serves += 1;
        world.service.serves = serves % 2 === 0 ? "a" : "b";
      }
      await world.ask();
      await world.clock.advance(60_000);
    }
    return world;
  }

  test("is followed twelve times in the first hour at most, and then seven times an hour", async () => {
    const first = await flip(1);
    expect(first.succession.changes).toBeGreaterThan(5);
    expect(first.service.reloads).toBeLessThanOrEqual(12);
    const day = await flip(24);
    expect(day.service.reloads).toBeLessThanOrEqual(12 + 23 * 7);
  });

  test("is followed at once again after twenty calm minutes", async () => {
    const { service, clock, ask } = follow();
    for (const serves of ["b", "a"]) {
      service.serves = serves;
      await ask();
      expect(await ask()).toBe(serves);
      await clock.advance(1_200_000);
    }
    service.serves = "b";
    await ask();
    expect(await ask()).toBe("b");
    service.serves = "a";
    await ask();
    expect(await ask()).toBe("b is now a");
    await clock.advance(5000);
    expect(await ask()).toBe("a");
  });

  test("never mixes vectors: a generation holds those of its own model only", async () => {
    const step = fc.record({
      serves: fc.constantFrom("a", "b", "c"),
      waitMs: fc.nat(700_000),
      isAway: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { service, succession, clock, ask, stop, running } = follow();
        for (const { serves, waitMs, isAway } of steps) {
          Object.assign(service, { serves, isAway });
          await ask();
          await clock.advance(waitMs);
          const { model, holds } = succession.current;
          expect(holds.every((held) => held === model.id)).toBe(true);
        }
        service.isAway = false;
        await ask();
        await clock.advance(1_300_000);
        expect(await ask()).toBe(service.serves);
        stop.abort();
        await running;
      }),
      { numRuns: 40 },
    );
  });
});
