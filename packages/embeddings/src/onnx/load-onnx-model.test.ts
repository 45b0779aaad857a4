import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeOnnxRuntime } from "../testing/fake-onnx-runtime.ts";
import { tinyTokenizer } from "../testing/tiny-tokenizer.ts";
import { loadOnnxModel, type OnnxModelOptions } from "./load-onnx-model.ts";
import { importOptional } from "./onnx-runtime.ts";

const signal = new AbortController().signal;
let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "onnx-model-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function lay(files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}
const whole = { "model.onnx": "network", "tokenizer.json": tinyTokenizer };
const load = (more: Partial<OnnxModelOptions> = {}) =>
  loadOnnxModel({ directory, signal, runtime: createFakeOnnxRuntime().runtime, ...more });

describe("loadOnnxModel", () => {
  it("gives one vector a text, each run by itself", async () => {
    await lay(whole);
    const fake = createFakeOnnxRuntime();
    await using model = await load({ runtime: fake.runtime, pooling: "cls" });
    const vectors = await model.embed(["pay my bill", "", "where"], { signal });
    expect(model.dimension).toBe(2);
    expect(vectors.map((vector) => vector.length)).toEqual([2, 2, 2]);
    expect([...(vectors[1] ?? [])]).toEqual([0, 0]);
    expect(vectors[0]?.[0]).toBeCloseTo(Math.cos(2), 5); // that of [CLS]
    expect(fake.runs.slice(1)).toEqual([
      [2, 4, 5, 6, 3],
      [2, 7, 3],
    ]);
  });

  it("is another model for another network, pooling or length", async () => {
    await lay(whole);
    const ids = new Set<string>();
    ids.add((await load()).id);
    ids.add((await load({ pooling: "cls" })).id);
    ids.add((await load({ maxTokens: 8 })).id);
    await lay({ "model.onnx": "another network" });
    ids.add((await load()).id);
    expect(ids.size).toBe(4);
  });

  it.each([
    { name: "the quantised one below onnx/", file: "onnx/model_quantized.onnx" },
    { name: "the quantised one", file: "model_quantized.onnx" },
    { name: "the full one below onnx/", file: "onnx/model.onnx" },
  ])("takes $name before model.onnx", async ({ file }) => {
    await lay({ ...whole, [file]: "network" });
    const fake = createFakeOnnxRuntime();
    await using _model = await load({ runtime: fake.runtime, threads: 2 });
    expect(fake.loaded).toEqual([{ path: join(directory, file), threads: 2 }]);
  });

  it.each([
    { name: "cls", settings: { pooling_mode_cls_token: true }, expected: "cls" },
    { name: "mean", settings: { pooling_mode_mean_tokens: true }, expected: "mean" },
    { name: "nothing, so mean", settings: {}, expected: "mean" },
  ])("pools as the folder says: $name", async ({ settings, expected }) => {
    await lay({ ...whole, "1_Pooling/config.json": settings });
    expect((await load()).id).toContain(`:${expected}:`);
  });

  it("reads no more tokens than the model was made for", async () => {
    await lay({ ...whole, "config.json": { max_position_embeddings: 4 } });
    const fake = createFakeOnnxRuntime();
    await using model = await load({ runtime: fake.runtime, maxTokens: 100 });
    await model.embed(["pay my bill"], { signal });
    expect(fake.runs.at(-1)).toEqual([2, 4, 5, 3]);
  });

  it("takes the pooled output of a network that pools itself", async () => {
    await lay(whole);
    const pooled = { data: Float32Array.of(3, 4), dims: [1, 2] };
    const { runtime } = createFakeOnnxRuntime({ outputs: () => ({ sentence_embedding: pooled }) });
    await using model = await load({ runtime });
    const [vector] = await model.embed(["pay"], { signal });
    expect(vector?.[0]).toBeCloseTo(0.6, 6);
  });

  it("frees the network when it is disposed", async () => {
    await lay(whole);
    const fake = createFakeOnnxRuntime();
    await (await load({ runtime: fake.runtime }))[Symbol.asyncDispose]();
    expect(fake.released).toBe(1);
  });

  it("rejects with the signal's reason between two texts", async () => {
    await lay(whole);
    const stop = new AbortController();
    const fake = createFakeOnnxRuntime({
      outputs: () => {
        if (fake.runs.length === 2) stop.abort("enough");
        return { last_hidden_state: { data: Float32Array.of(1, 0), dims: [1, 1, 2] } };
      },
    });
    await using model = await load({ runtime: fake.runtime });
    await expect(model.embed(["pay", "bill"], { signal: stop.signal })).rejects.toBe("enough");
    expect(fake.runs).toHaveLength(2);
  });

  it.each([
    {
      name: "no network",
      files: { "tokenizer.json": tinyTokenizer },
      code: "ModelMissing",
      says: /none of .*model\.onnx/,
    },
    {
      name: "no tokenizer",
      files: { "model.onnx": "n" },
      code: "ModelMissing",
      says: /tokenizer\.json.*cut into tokens/,
    },
    {
      name: "a tokenizer that is not JSON",
      files: { "model.onnx": "n", "tokenizer.json": "{" },
      code: "ModelCorrupt",
      says: /tokenizer\.json.*get the model again/,
    },
    {
      name: "settings of another form",
      files: { ...whole, "config.json": { max_position_embeddings: "many" } },
      code: "ModelCorrupt",
      says: /config\.json[\s\S]*max_position_embeddings/,
    },
    {
      name: "a folder for a file",
      files: { ...whole, "config.json/x": "" },
      code: "ModelUnreadable",
      says: /config\.json/,
    },
  ])("names file and remedy for $name", async ({ files, code, says }) => {
    await lay(files);
    await expect(load()).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
  });

  const rows = { data: Float32Array.of(1), dims: [] };
  it.each([
    { name: "cannot be loaded", network: { broken: new Error("protobuf parsing failed") }, says: /protobuf/ },
    { name: "asks for pixels", network: { inputNames: ["pixel_values"] }, says: /pixel_values/ },
    { name: "gives nothing", network: { outputs: () => ({}) }, says: /gives nothing/ },
    {
      name: "gives other numbers",
      network: { outputs: () => ({ last_hidden_state: { data: [1], dims: [1, 1, 1] } }) },
      says: /32-bit/,
    },
    {
      name: "gives a single number",
      network: { outputs: () => ({ last_hidden_state: rows }) },
      says: /shape/,
    },
  ])("says that a network $name, and frees it", async ({ network, says }) => {
    await lay(whole);
    const fake = createFakeOnnxRuntime(network);
    await expect(load({ runtime: fake.runtime })).rejects.toMatchObject({
      code: "ModelCorrupt",
      message: expect.stringMatching(says),
    });
    expect(fake.released).toBe(fake.loaded.length);
  });
});

describe("importOptional", () => {
  it("names the command that installs a missing package", async () => {
    await expect(importOptional("no-such-package-anywhere")).rejects.toMatchObject({
      code: "PackageMissing",
      message: expect.stringContaining("npm install no-such-package-anywhere"),
    });
  });
});
