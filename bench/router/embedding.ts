/** The model that vectors are made with: built in, or a sentence encoder that is got once (a JDK and Maven are needed for that). */
import { cacheVectors, type EmbeddingModel, loadOnnxModel, loadStaticModel } from "@lmos/embeddings";
import { provideModel, publishedModels } from "../../tools/models/provide-model.ts";
import { provideOnnxRuntime } from "../../tools/models/provide-onnx-runtime.ts";

/** What `--embedding` may say. */
export const embeddingNames = ["static", "minilm", "bge"] as const;
/** One of them. */
export type EmbeddingName = (typeof embeddingNames)[number];

/** Enough for all texts of the three sets: encoders read each only once for all draws. */
const maxEntries = 100_000;

/** Loads the model. */
export async function loadBenchEmbedding(name: EmbeddingName): Promise<EmbeddingModel> {
  const { signal } = new AbortController();
  if (name === "static") return loadStaticModel({ signal });
  const [directory, runtime] = await Promise.all([provideModel(name), provideOnnxRuntime()]);
  const { pooling } = publishedModels[name];
  return cacheVectors(await loadOnnxModel({ directory, runtime, pooling, maxTokens: 128, signal }), {
    maxEntries,
  });
}

/** The name that was given; throws and says which there are. */
export function parseEmbeddingName(text: string): EmbeddingName {
  const name = embeddingNames.find((known) => known === text);
  if (name === undefined) throw new Error(`--embedding ${text}: there are ${embeddingNames.join(", ")}`);
  return name;
}

/** The model in words, for the report. */
export function modelText(name: EmbeddingName): string {
  return name === "static"
    ? "built-in static model, no network"
    : `${publishedModels[name].artifact} by ONNX Runtime (times include it once a text)`;
}
