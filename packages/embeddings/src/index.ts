export { EmbeddingsError, type EmbeddingsErrorCode } from "./errors.ts";
export type { EmbeddingModel, WordFamiliarity } from "./model.ts";
export { type FetchModelOptions, type FetchProgress, fetchModel } from "./onnx/fetch-model.ts";
export { loadOnnxModel, type OnnxEmbeddingModel, type OnnxModelOptions } from "./onnx/load-onnx-model.ts";
export type { OnnxRuntime } from "./onnx/onnx-runtime.ts";
export type { Pooling } from "./onnx/pooling.ts";
export { loadOpenAiModel, type OpenAiEmbeddingOptions } from "./openai/openai-model.ts";
export { loadStaticModel } from "./static/load-static-model.ts";
export { type EmbeddingModelCase, embeddingModelCases } from "./testing/embedding-model-cases.ts";
