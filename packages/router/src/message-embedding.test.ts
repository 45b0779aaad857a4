import { type EmbeddingModel, EmbeddingsError } from "@lmos/embeddings";
import { FakeClock } from "@lmos/testing";
import { describe, expect, test } from "vitest";
import { createMessageEmbedding } from "./message-embedding.ts";

const timeoutMs = 1000;
const { signal } = new AbortController();
const vector = Float32Array.of(1);

/** A service that does what the test says, and counts. */
function scripted(embed: (call: number, signal: AbortSignal) => Promise<readonly Float32Array[]>) {
  const state = { calls: 0 };
  const embedding: EmbeddingModel = {
    id: "remote",
    dimension: 1,
    isRemote: true,
    embed: (_texts, options) => {
      state.calls += 1;
      return embed(state.calls, options.signal);
    },
  };
  return { embedding, state };
}

const never = (): Promise<readonly Float32Array[]> => new Promise(() => undefined);
const failed = (details = {}) => new EmbeddingsError("ServiceFailed", "no", { details });

describe("vectors for messages", () => {
  test("come straight from a model that is no service", () => {
    const { embedding } = scripted(async () => [vector]);
    const local = { ...embedding, isRemote: undefined };
    expect(createMessageEmbedding({ embedding: local, timeoutMs, clock: new FakeClock() })).toBe(local);
  });

  test("come from a service as it gives them, with its name and length", async () => {
    const { embedding } = scripted(async () => [vector]);
    const model = createMessageEmbedding({ embedding, timeoutMs, clock: new FakeClock() });
    expect(model).toMatchObject({ id: "remote", dimension: 1 });
    expect(await model.embed(["a"], { signal })).toEqual([vector]);
  });

  test("are waited for no longer than the limit, and the service is told", async () => {
    const clock = new FakeClock();
    let told = false;
    const { embedding } = scripted((_call, given) => {
      given.addEventListener("abort", () => {
        told = true;
      });
      return never();
    });
    const model = createMessageEmbedding({ embedding, timeoutMs, clock });
    const embedded = model.embed(["a"], { signal });
    const outcome = expect(embedded).rejects.toThrow("took longer than 1000 ms");
    await clock.advance(1000);
    await outcome;
    expect(told).toBe(true);
  });

  test("are not asked for while the service rests, after three failures", async () => {
    const clock = new FakeClock();
    const { embedding, state } = scripted(() => Promise.reject(failed({ status: 503 })));
    const model = createMessageEmbedding({ embedding, timeoutMs, clock });
    for (let each = 0; each < 3; each++) await expect(model.embed(["a"], { signal })).rejects.toThrow("no");
    await expect(model.embed(["a"], { signal })).rejects.toMatchObject({ code: "EmbeddingUnavailable" });
    expect(state.calls).toBe(3);
    await clock.advance(10_000);
    await expect(model.embed(["a"], { signal })).rejects.toThrow("no");
    expect(state.calls).toBe(4);
  });

  test("are there again when the service is", async () => {
    const clock = new FakeClock();
    const { embedding } = scripted((call) =>
      call <= 3 ? Promise.reject(failed()) : Promise.resolve([vector]),
    );
    const model = createMessageEmbedding({ embedding, timeoutMs, clock });
    for (let each = 0; each < 3; each++) await expect(model.embed(["a"], { signal })).rejects.toThrow();
    await clock.advance(10_000);
    for (let each = 0; each < 5; each++) expect(await model.embed(["a"], { signal })).toEqual([vector]);
  });

  test.each([
    { status: 400, rests: false },
    { status: 413, rests: false },
    { status: 422, rests: false },
    { status: 401, rests: true },
    { status: 404, rests: true },
    { status: 429, rests: true },
    { status: 500, rests: true },
  ])("refused with $status: does the service rest? $rests", async ({ status, rests }) => {
    const { embedding, state } = scripted(() => Promise.reject(failed({ status })));
    const model = createMessageEmbedding({ embedding, timeoutMs, clock: new FakeClock() });
    for (let each = 0; each < 5; each++) await expect(model.embed(["a"], { signal })).rejects.toThrow();
    expect(state.calls).toBe(rests ? 3 : 5);
  });

  test("that nobody waits for any more say nothing of the service", async () => {
    const { embedding, state } = scripted(never);
    const model = createMessageEmbedding({ embedding, timeoutMs, clock: new FakeClock() });
    for (let each = 0; each < 5; each++) {
      const controller = new AbortController();
      const embedded = model.embed(["a"], { signal: controller.signal });
      controller.abort(new Error("gone"));
      await expect(embedded).rejects.toThrow("gone");
    }
    expect(state.calls).toBe(5);
  });
});
