import { type Clock, systemClock, systemRandom } from "@lmos/primitives";
import { SeededRandom } from "@lmos/testing";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { loadStaticModel } from "../static/load-static-model.ts";
import { embeddingModelCases } from "../testing/embedding-model-cases.ts";
import {
  type JsonServer,
  type ScriptedAnswer,
  type SeenRequest,
  startJsonServer,
} from "../testing/json-server.ts";
import { loadOpenAiModel, type OpenAiEmbeddingOptions } from "./openai-model.ts";
import { probeText } from "./probe.ts";

const signal = new AbortController().signal;
const requestSchema = z.object({ model: z.string(), input: z.array(z.string()) });
/** Retries without waiting; its time-outs never come. */
const impatientClock = pausingOnly(async () => undefined);

let server: JsonServer | undefined;
afterEach(async () => server?.[Symbol.asyncDispose]());

async function serve(answer: (request: SeenRequest, number: number) => ScriptedAnswer): Promise<JsonServer> {
  server = await startJsonServer(answer);
  return server;
}

function optionsOf(url: string, more: Partial<OpenAiEmbeddingOptions> = {}): OpenAiEmbeddingOptions {
  return { baseUrl: `${url}/v1`, model: "small", clock: systemClock, random: systemRandom, signal, ...more };
}

/** Two numbers a text: its length, and 1. */
function lengthsOf(request: SeenRequest): ScriptedAnswer {
  const { input } = requestSchema.parse(request.body);
  return { body: { data: input.map((text, index) => ({ index, embedding: [text.length, 1] })) } };
}

/** The same vector for every text. */
function allOf(request: SeenRequest, embedding: readonly number[]): ScriptedAnswer {
  const { input } = requestSchema.parse(request.body);
  return { body: { data: input.map((_text, index) => ({ index, embedding })) } };
}

describe("an embedding service that gives the built-in model's vectors", () => {
  it.each(embeddingModelCases)("$name", async ({ check }) => {
    const real = await loadStaticModel({ signal });
    const texts = new Map<string, readonly number[]>();
    const known = async (wanted: readonly string[]): Promise<void> => {
      const vectors = await real.embed(wanted, { signal });
      wanted.forEach((text, i) => {
        texts.set(text.slice(0, 8000).toWellFormed(), [...(vectors[i] ?? [])]);
      });
    };
    const { url } = await serve((request) => {
      const { input } = requestSchema.parse(request.body);
      return { body: { data: input.map((text, index) => ({ index, embedding: texts.get(text) ?? zeros })) } };
    });
    const zeros = new Array<number>(real.dimension).fill(0);
    const model = await loadOpenAiModel(optionsOf(url));
    await check({
      ...model,
      embed: async (wanted, options) => {
        await known(wanted);
        return model.embed(wanted, options);
      },
    });
  });
});

describe("loadOpenAiModel", () => {
  it("learns the dimension and sends model, key and wanted dimensions", async () => {
    const { url, seen } = await serve(lengthsOf);
    const model = await loadOpenAiModel(optionsOf(`${url}`, { apiKey: "k-1", dimensions: 2 }));
    expect(model).toMatchObject({ dimension: 2, id: `openai:${url}/v1:small:2` });
    expect(seen[0]).toMatchObject({
      path: "/v1/embeddings",
      headers: { authorization: "Bearer k-1" },
      body: { model: "small", dimensions: 2, encoding_format: "float" },
    });
  });

  it("sends texts in batches and puts the answers in order", async () => {
    const { url, seen } = await serve((request) => {
      const { input } = requestSchema.parse(request.body);
      const data = input.map((text, index) => ({ index, embedding: [text.length, 0] }));
      return { body: { data: data.toReversed() } };
    });
    const model = await loadOpenAiModel(optionsOf(url, { batchSize: 3 }));
    const vectors = await model.embed(["a", "  ", "bb", "ccc"], { signal });
    expect(vectors.map((vector) => [...vector])).toEqual([
      [1, 0],
      [0, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(seen.slice(1).map(({ body }) => requestSchema.parse(body).input)).toEqual([
      ["a", "bb", probeText],
      ["ccc", probeText],
    ]);
  });

  it("cuts long texts and sends no half characters", async () => {
    const { url, seen } = await serve(lengthsOf);
    const model = await loadOpenAiModel(optionsOf(url, { maxCharacters: 4 }));
    await model.embed(["abcdefgh", "\ud800"], { signal });
    expect(requestSchema.parse(seen[1]?.body).input).toEqual(["abcd", "\ufffd", probeText.slice(0, 4)]);
  });

  it.each([
    { name: "too many requests", first: { status: 429, headers: { "retry-after": "1" } } },
    { name: "a server's fault", first: { status: 503 } },
    { name: "a broken connection", first: "cut" as const },
  ])("tries again after $name", async ({ first }) => {
    const { url, seen } = await serve((request, number) => (number === 0 ? first : lengthsOf(request)));
    const model = await loadOpenAiModel(optionsOf(url, { clock: impatientClock }));
    expect(model.dimension).toBe(2);
    expect(seen).toHaveLength(2);
  });

  it("waits as long as Retry-After says, and at least its own back-off", async () => {
    const waits: number[] = [];
    const answers: ScriptedAnswer[] = [{ status: 429, headers: { "retry-after": "7" } }, { status: 500 }];
    const { url } = await serve((request, number) => answers[number] ?? lengthsOf(request));
    const clock = pausingOnly(async (ms) => void waits.push(ms));
    await loadOpenAiModel(optionsOf(url, { clock, random: new SeededRandom(1) }));
    expect(waits[0]).toBe(7000);
    expect(waits[1]).toBeGreaterThanOrEqual(500);
  });

  it.each([
    { name: "a wrong key", answer: { status: 401 }, message: /401; check the API key/, attempts: 1 },
    { name: "an unknown model", answer: { status: 404 }, message: /404/, attempts: 1 },
    { name: "a server that stays broken", answer: { status: 500 }, message: /500/, attempts: 4 },
    {
      name: "a server that asks for an hour",
      answer: { status: 429, headers: { "retry-after": "3600" } },
      message: /429/,
      attempts: 1,
    },
    {
      name: "a redirect",
      answer: { status: 302, headers: { location: "/" } },
      message: /no answer/,
      attempts: 4,
    },
  ])("gives up on $name", async ({ answer, message, attempts }) => {
    const { url, seen } = await serve(() => answer);
    const loading = loadOpenAiModel(optionsOf(url, { clock: impatientClock }));
    await expect(loading).rejects.toMatchObject({
      code: "ServiceFailed",
      message: expect.stringMatching(message),
    });
    expect(seen).toHaveLength(attempts);
  });

  it("gives up on a server that does not answer in time", async () => {
    const { url } = await serve(() => "hang");
    const loading = loadOpenAiModel(optionsOf(url, { timeoutMs: 30, retries: 0 }));
    await expect(loading).rejects.toMatchObject({ code: "ServiceFailed" });
  });

  it.each([
    { name: "prose", answer: { text: "sorry" }, message: /not JSON/ },
    { name: "another shape", answer: { body: { vectors: [] } }, message: /data/ },
    { name: "no vector", answer: { body: { data: [] } }, message: /no vector/ },
    {
      name: "numbers that are not finite",
      answer: { body: { data: [{ index: 0, embedding: [1, 1e39] }] } },
      message: /not finite/,
    },
    {
      name: "a vector without numbers",
      answer: { body: { data: [{ index: 0, embedding: [] }] } },
      message: /no vector/,
    },
  ])("names what is wrong with $name", async ({ answer, message }) => {
    const { url } = await serve(() => answer);
    await expect(loadOpenAiModel(optionsOf(url))).rejects.toMatchObject({
      code: "InvalidVectors",
      message: expect.stringMatching(message),
    });
  });

  it.each([
    {
      name: "another dimension",
      embedding: [1, 2, 3],
      code: "ModelChanged",
      message: /had 2 numbers, and now have 3; vectors of two models are never compared/,
    },
    {
      name: "numbers that are not finite",
      embedding: [1, 1e39],
      code: "InvalidVectors",
      message: /not finite/,
    },
  ])("refuses $name later on", async ({ embedding, code, message }) => {
    const { url } = await serve((request, number) =>
      number === 0 ? lengthsOf(request) : allOf(request, embedding),
    );
    const model = await loadOpenAiModel(optionsOf(url));
    await expect(model.embed(["a"], { signal })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("refuses another number of vectors than texts", async () => {
    const { url } = await serve((request, number) =>
      number === 0 ? lengthsOf(request) : { body: { data: [] } },
    );
    const model = await loadOpenAiModel(optionsOf(url));
    await expect(model.embed(["a"], { signal })).rejects.toThrow("0 vectors came for 2 texts");
  });

  it("rejects with the signal's reason while it waits", async () => {
    const { url } = await serve((request, number) => (number === 0 ? lengthsOf(request) : "hang"));
    const model = await loadOpenAiModel(optionsOf(url));
    const stop = new AbortController();
    const embedding = model.embed(["a"], { signal: stop.signal });
    stop.abort("enough");
    await expect(embedding).rejects.toBe("enough");
  });
});

/** A clock whose sleeps between attempts are as given, while those of time-outs never end. */
function pausingOnly(pause: (ms: number) => Promise<void>): Clock {
  const timeoutMs = 15_000;
  return { ...systemClock, sleep: (ms) => (ms === timeoutMs ? new Promise(() => undefined) : pause(ms)) };
}

describe("a service that says which model it serves", () => {
  const servedBy =
    (nameOf: (number: number) => string | undefined) =>
    (request: SeenRequest, number: number): ScriptedAnswer => {
      const { input } = requestSchema.parse(request.body);
      const data = input.map((text, index) => ({ index, embedding: [text.length, 1] }));
      return { body: { model: nameOf(number), data } };
    };

  it.each([
    { name: "another one than at first", nameOf: (number: number) => `small-${number}` },
    {
      name: "one, where it said none at first",
      nameOf: (number: number) => (number === 0 ? undefined : "a"),
    },
    {
      name: "none, where it said one at first",
      nameOf: (number: number) => (number === 0 ? "a" : undefined),
    },
  ])("gives no vectors with $name", async ({ nameOf }) => {
    const { url } = await serve(servedBy(nameOf));
    const model = await loadOpenAiModel(optionsOf(url));
    await expect(model.embed(["hello"], { signal })).rejects.toMatchObject({ code: "ModelChanged" });
    await expect(model.embed(["hello"], { signal })).rejects.toThrow("load it again and build new indexes");
  });

  it("is loaded again as what it serves now, under another id", async () => {
    let name = "small-1";
    const { url } = await serve(servedBy(() => name));
    const before = await loadOpenAiModel(optionsOf(url));
    name = "small-2";
    await expect(before.embed(["hello"], { signal })).rejects.toMatchObject({ code: "ModelChanged" });
    const now = await before.reload?.({ signal });
    expect([before.id, now?.id]).toEqual(
      [1, 2].map((version) => `openai:${url}/v1:small:2:small-${version}`),
    );
    expect(await now?.embed(["hello"], { signal })).toHaveLength(1);
    await expect(before.embed(["hello"], { signal })).rejects.toMatchObject({ code: "ModelChanged" });
  });

  it("is loaded again as the same where it has gone back", async () => {
    const { url } = await serve(servedBy((number) => (number === 1 ? "other" : "small")));
    const before = await loadOpenAiModel(optionsOf(url));
    await expect(before.embed(["hello"], { signal })).rejects.toMatchObject({ code: "ModelChanged" });
    expect((await before.reload?.({ signal }))?.id).toBe(before.id);
    expect(await before.embed(["hello"], { signal })).toHaveLength(1);
  });

  it("is loaded again until the signal of that call is aborted", async () => {
    const { url } = await serve((request, number) => (number === 0 ? lengthsOf(request) : "hang"));
    const model = await loadOpenAiModel(optionsOf(url));
    const stop = new AbortController();
    const loading = model.reload?.({ signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(loading).rejects.toThrow("enough");
  });

  it("has one id under the name that it is asked by, whether the service says it or not", async () => {
    const ids: string[] = [];
    for (const name of ["small", undefined]) {
      const { url } = await serve(servedBy(() => name));
      ids.push((await loadOpenAiModel(optionsOf(url))).id.replace(url, ""));
      await server?.[Symbol.asyncDispose]();
    }
    expect(ids).toEqual(["openai:/v1:small:2", "openai:/v1:small:2"]);
  });

  it("gives vectors while it is the same, whatever it was called by", async () => {
    const { url } = await serve(servedBy(() => "small-2026-11-01"));
    const model = await loadOpenAiModel(optionsOf(url));
    expect(await model.embed(["hello"], { signal })).toHaveLength(1);
  });
});

describe("a service that changes its model under the same name, with vectors of the same length", () => {
  /** A model is the angle of its probe; other texts are their length away from it. */
  async function serveAngles() {
    const state = { angle: 0 };
    const { url, seen } = await serve((request) => {
      const { input } = requestSchema.parse(request.body);
      const data = input.map((text, index) => {
        const angle = state.angle + (text === probeText ? 0 : text.length);
        return { index, embedding: [3 * Math.cos(angle), 3 * Math.sin(angle)] };
      });
      return { body: { model: "small", data } };
    });
    return { state, seen, model: await loadOpenAiModel(optionsOf(url)) };
  }

  it("gives no vectors any more", async () => {
    const { state, model } = await serveAngles();
    expect(await model.embed(["hello"], { signal })).toHaveLength(1);
    state.angle = 1;
    const embedding = model.embed(["hello"], { signal });
    await expect(embedding).rejects.toMatchObject({
      code: "ModelChanged",
      message: expect.stringContaining("it gives one text another vector than before"),
    });
  });

  it("gives vectors on where they differ by rounding", async () => {
    const { state, model } = await serveAngles();
    for (const angle of [0.0001, -0.01, 0.13]) {
      state.angle = angle; // a cosine of 0.991 at the most
      expect(await model.embed(["hello"], { signal })).toHaveLength(1);
    }
    state.angle = 0.13;
    expect((await model.reload?.({ signal }))?.id).toBe(model.id);
  });

  it("does not follow a drift step by step: each is compared with what was there when it was loaded first", async () => {
    const { state, model } = await serveAngles();
    state.angle = 0.25;
    const again = await model.reload?.({ signal });
    state.angle = 0.5;
    await expect(again?.embed(["hello"], { signal })).rejects.toMatchObject({ code: "ModelChanged" });
  });

  it("is loaded again under another id, and under its own where it comes back", async () => {
    const { state, model } = await serveAngles();
    const ids = [model.id];
    let now = model;
    for (const angle of [1, 0, 1, 2, 0]) {
      state.angle = angle;
      await expect(now.embed(["hello"], { signal })).rejects.toMatchObject({ code: "ModelChanged" });
      now = (await now.reload?.({ signal })) ?? now;
      expect(await now.embed(["hello"], { signal })).toHaveLength(1);
      ids.push(now.id);
    }
    const [a, b, , , c] = ids;
    expect(ids).toEqual([a, b, a, b, c, a]);
    expect(new Set(ids).size).toBe(3);
    expect(b).toMatch(/:small:2:[0-9a-f]{12}$/);
  });

  it("asks for one text more with each request, and for none where there is none to send", async () => {
    const { seen, model } = await serveAngles();
    await model.embed([" ", ""], { signal });
    await model.embed(["a", "b"], { signal });
    expect(seen.map(({ body }) => requestSchema.parse(body).input)).toEqual([
      [probeText],
      ["a", "b", probeText],
    ]);
  });
});
