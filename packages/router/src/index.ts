export { parseCatalogue } from "./catalogue.ts";
export type { Coverage } from "./coverage.ts";
export { createEmbeddingCache, type EmbeddingCache } from "./embedding-cache.ts";
export { RouterError, type RouterErrorCode } from "./errors.ts";
export type {
  Alternative,
  Classifier,
  ClassifyRequest,
  Explanation,
  HistoryMessage,
  MatchedExample,
  RoutableAgent,
  RoutableCapability,
  RoutingDecision,
} from "./model.ts";
export {
  adaptRouterIndex,
  buildRouterIndex,
  type RouterIndex,
  type RouterIndexOptions,
} from "./router-index.ts";
export { createVectorClassifier } from "./vector-classifier.ts";
