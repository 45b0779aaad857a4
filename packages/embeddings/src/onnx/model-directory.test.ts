import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readModelDirectory } from "./model-directory.ts";

const { signal } = new AbortController();

/** A folder with these files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lmos-model-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const least = { "model.onnx": "", "tokenizer.json": "{}" };

describe("a folder with a model", () => {
  it("needs a network and a tokenizer", async () => {
    const folder = await folderWith(least);
    expect(await readModelDirectory(folder, { signal })).toEqual({
      onnxPath: join(folder, "model.onnx"),
      tokenizer: {},
      pooling: undefined,
      maxTokens: undefined,
    });
  });

  it.each([
    { files: ["model.onnx", "onnx/model.onnx"], taken: "onnx/model.onnx" },
    { files: ["model.onnx", "model_quantized.onnx"], taken: "model_quantized.onnx" },
    { files: ["onnx/model.onnx", "onnx/model_quantized.onnx"], taken: "onnx/model_quantized.onnx" },
  ])("of the networks $files gives $taken", async ({ files, taken }) => {
    const folder = await folderWith({
      ...Object.fromEntries(files.map((name) => [name, ""])),
      "tokenizer.json": "{}",
    });
    expect((await readModelDirectory(folder, { signal })).onnxPath).toBe(join(folder, taken));
  });

  it.each([
    {
      name: "the first token",
      config: { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false },
      pooling: "cls",
    },
    {
      name: "the mean",
      config: { pooling_mode_cls_token: false, pooling_mode_mean_tokens: true },
      pooling: "mean",
    },
    {
      name: "both, of which the first token counts",
      config: { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true },
      pooling: "cls",
    },
    { name: "another way", config: { pooling_mode_max_tokens: true }, pooling: undefined },
  ])("pools by $name", async ({ config, pooling }) => {
    const folder = await folderWith({ ...least, "1_Pooling/config.json": JSON.stringify(config) });
    expect((await readModelDirectory(folder, { signal })).pooling).toBe(pooling);
  });

  it("says for how many tokens it was made", async () => {
    const folder = await folderWith({
      ...least,
      "config.json": '{"max_position_embeddings": 256, "more": true}',
    });
    expect((await readModelDirectory(folder, { signal })).maxTokens).toBe(256);
  });

  it.each([
    { name: "no network", files: { "tokenizer.json": "{}" }, code: "ModelMissing", says: "it has none of" },
    { name: "no tokenizer", files: { "model.onnx": "" }, code: "ModelMissing", says: "tokenizer.json" },
    {
      name: "half a tokenizer",
      files: { ...least, "tokenizer.json": "{" },
      code: "ModelCorrupt",
      says: "tokenizer.json",
    },
    {
      name: "a tokenizer that is a list",
      files: { ...least, "tokenizer.json": "[]" },
      code: "ModelCorrupt",
      says: "tokenizer.json",
    },
    {
      name: "tokens that are none",
      files: { ...least, "config.json": '{"max_position_embeddings": -1}' },
      code: "ModelCorrupt",
      says: "config.json",
    },
    {
      name: "a pooling that is text",
      files: { ...least, "1_Pooling/config.json": '{"pooling_mode_cls_token": "yes"}' },
      code: "ModelCorrupt",
      says: "1_Pooling",
    },
    {
      name: "a folder in place of a file",
      files: { ...least, "config.json/x": "" },
      code: "ModelUnreadable",
      says: "config.json",
    },
  ])("is refused with $name", async ({ files, code, says }) => {
    const folder = await folderWith(files);
    await expect(readModelDirectory(folder, { signal })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
    });
  });

  it("is not read on once it is no longer wanted", async () => {
    const folder = await folderWith(least);
    const reading = readModelDirectory(folder, { signal: AbortSignal.abort("enough") });
    await expect(reading).rejects.toBe("enough");
  });
});
