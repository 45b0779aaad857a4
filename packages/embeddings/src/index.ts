export { EmbeddingsError, type EmbeddingsErrorCode } from "./errors.ts";
export { loadStaticModel } from "./load-static-model.ts";
export type { EmbeddingModel, WordFamiliarity } from "./model.ts";
