/** Real sentence encoders through the ONNX adapter: what every model must do, and that our tokenizer reads as theirs does. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { embeddingModelCases, loadOnnxModel, type OnnxEmbeddingModel } from "@lmos/embeddings";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTextTokenizer } from "../../packages/embeddings/src/onnx/text-tokenizer.ts";
import { PieceFinder } from "../../packages/embeddings/src/static/piece-finder.ts";
import { createVocabulary } from "../../packages/embeddings/src/static/wordpiece.ts";
import { type PublishedModelName, provideModel, publishedModels } from "../../tools/models/provide-model.ts";
import { provideOnnxRuntime } from "../../tools/models/provide-onnx-runtime.ts";

const { signal } = new AbortController();
const names = Object.keys(publishedModels) as readonly PublishedModelName[];

describe.each(names)("%s", (name) => {
  let model: OnnxEmbeddingModel | undefined;
  beforeAll(async () => {
    model = await loadOnnxModel({
      directory: await provideModel(name),
      runtime: await provideOnnxRuntime(),
      maxTokens: 128,
      signal,
    });
  });
  afterAll(async () => model?.[Symbol.asyncDispose]());

  it.each(embeddingModelCases)("$name", async ({ check }) => {
    if (model === undefined) throw new Error("the model was not loaded");
    await check(model);
  });

  it("has 384 numbers a vector, and says how it pools", () => {
    expect(model?.dimension).toBe(384);
    expect(model?.id).toContain(`:${publishedModels[name].pooling}:`);
  });
});

describe("the tokenizer of the built-in model", () => {
  const texts = [
    "where is my order?",
    "Café résumé, don't — “quoted” 我的 🤷",
    "unaffable antidisestablishmentarianism $5 +1",
    "a".repeat(101),
    "tabs\tand\u00a0spaces",
    "",
  ];

  it.each(texts)("reads %j as the models' own does", async (text) => {
    const description: unknown = JSON.parse(
      await readFile(join(await provideModel("minilm"), "tokenizer.json"), "utf8"),
    );
    if (typeof description !== "object" || description === null)
      throw new Error("tokenizer.json is no object");
    const theirs = await createTextTokenizer(description, { maxTokens: 512 });
    const lines = await readFile(
      new URL("../../packages/embeddings/models/static-en-256/vocab.txt", import.meta.url),
      "utf8",
    );
    const vocabulary = createVocabulary(lines.trimEnd().split("\n"));
    if (vocabulary === undefined) throw new Error("no vocabulary");
    const { ids, count } = new PieceFinder(vocabulary).find(text);
    const ours = [...ids.subarray(0, count)];
    expect(ours).toEqual(theirs.encode(text).slice(1, -1));
  });
});
