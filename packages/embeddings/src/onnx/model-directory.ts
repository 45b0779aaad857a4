/** What lies in a folder with an ONNX sentence encoder, in one of the usual layouts. */
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { errorMessage } from "@lmos/primitives";
import { z } from "zod";
import { EmbeddingsError } from "../errors.ts";
import type { Pooling } from "./pooling.ts";

/** Files of the network that are looked for, in this order: the smaller ones are as good for routing. */
export const onnxFiles = [
  "onnx/model_quantized.onnx",
  "model_quantized.onnx",
  "onnx/model.onnx",
  "model.onnx",
] as const;

/** Files beside the network: of these only the tokenizer is indispensable. */
export const describingFiles = {
  tokenizer: "tokenizer.json",
  configuration: "config.json",
  pooling: "1_Pooling/config.json",
} as const;

/** A model's files, read. */
export interface ModelDirectory {
  readonly onnxPath: string;
  readonly tokenizer: object;
  /** From `1_Pooling/config.json`; undefined where it does not say. */
  readonly pooling: Pooling | undefined;
  /** How many tokens it was trained for; undefined where it does not say. */
  readonly maxTokens: number | undefined;
}

const configurationSchema = z.object({ max_position_embeddings: z.number().int().positive().optional() });
const poolingSchema = z.object({
  pooling_mode_cls_token: z.boolean().optional(),
  pooling_mode_mean_tokens: z.boolean().optional(),
});

/** @throws EmbeddingsError `ModelMissing`, `ModelCorrupt` or `ModelUnreadable`, naming the file. */
export async function readModelDirectory(
  directory: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<ModelDirectory> {
  const onnxPath = await findOnnxFile(directory);
  const tokenizer = await readJson(join(directory, describingFiles.tokenizer), z.looseObject({}), signal);
  if (tokenizer === undefined) {
    throw missing(join(directory, describingFiles.tokenizer), "it tells how texts are cut into tokens");
  }
  const configuration = await readJson(
    join(directory, describingFiles.configuration),
    configurationSchema,
    signal,
  );
  const pooling = await readJson(join(directory, describingFiles.pooling), poolingSchema, signal);
  return {
    onnxPath,
    tokenizer,
    pooling: poolingOf(pooling),
    maxTokens: configuration?.max_position_embeddings,
  };
}

async function findOnnxFile(directory: string): Promise<string> {
  for (const name of onnxFiles) {
    const path = join(directory, name);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) return path;
  }
  throw missing(directory, `it has none of ${onnxFiles.join(", ")}`);
}

async function readJson<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | undefined> {
  const text = await readText(path, signal);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  throw corrupt(path, z.prettifyError(parsed.error));
}

async function readText(path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await readFile(path, { encoding: "utf8", signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new EmbeddingsError("ModelUnreadable", `cannot read ${path}: ${errorMessage(error)}`, {
      cause: error,
      details: { path },
    });
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw corrupt(path, errorMessage(error));
  }
}

function poolingOf(pooling: z.infer<typeof poolingSchema> | undefined): Pooling | undefined {
  if (pooling?.pooling_mode_cls_token === true) return "cls";
  return pooling?.pooling_mode_mean_tokens === true ? "mean" : undefined;
}

function missing(path: string, reason: string): EmbeddingsError {
  return new EmbeddingsError(
    "ModelMissing",
    `there is no model at ${path}: ${reason}; name a folder with a sentence encoder exported to ONNX`,
    { details: { path } },
  );
}

function corrupt(path: string, reason: string): EmbeddingsError {
  return new EmbeddingsError(
    "ModelCorrupt",
    `${path} is not what it should be: ${reason}; get the model again`,
    { details: { path } },
  );
}
