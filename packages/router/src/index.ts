export { parseCatalogue } from "./catalogue.ts";
export {
  type ClassifierOptions,
  createClassifier,
  type ModelOptions,
  type RoutingMode,
} from "./classifier.ts";
export { type Courtesy, mereCourtesy } from "./courtesy.ts";
export type { Coverage } from "./coverage.ts";
export { createEmbeddingCache, type EmbeddingCache } from "./embedding-cache.ts";
export { RouterError, type RouterErrorCode } from "./errors.ts";
export {
  type CalibratedRates,
  type Calibration,
  type CalibrationGoal,
  calibrate,
} from "./evaluation/calibrate.ts";
export { classifyLabelled } from "./evaluation/classify-labelled.ts";
export { type Confusion, type DecisionShares, type Evaluation, evaluate } from "./evaluation/evaluate.ts";
export {
  isAgentRight,
  type JudgedMessage,
  type LabelledMessage,
  parseLabelled,
} from "./evaluation/labelled.ts";
export {
  type CapabilityName,
  type CatalogueText,
  type LintFinding,
  type LintStage,
  lintCatalogue,
} from "./evaluation/lint.ts";
export {
  areaUnderCurve,
  average,
  type CalibrationBin,
  calibrationBins,
  calibrationError,
  type Prediction,
  type RiskAtCoverage,
  riskCoverage,
  share,
} from "./evaluation/measures.ts";
export type { SaidMessage } from "./language/conversation-language.ts";
export type { Language } from "./language/language.ts";
export { anyOf, eachOf, languages, wordEnd, wordStart } from "./language/languages.ts";
export { createAiSdkChatModel } from "./llm/ai-sdk-chat-model.ts";
export type { ChatModel, Choice, ChoiceRequest, ModelCallOptions } from "./llm/chat-model.ts";
export type { ModelCall, ModelSpending } from "./llm/guarded-call.ts";
export { createHybridClassifier, type HybridClassifierOptions } from "./llm/hybrid-classifier.ts";
export { createMinuteBudget, type MinuteBudget } from "./llm/minute-budget.ts";
export { createModelGuard, type ModelGuard, shareModelGuard } from "./llm/model-guard.ts";
export { createOpenAiChatModel, type OpenAiChatModelOptions } from "./llm/openai-chat-model.ts";
export type { TokenUsage } from "./llm/token-usage.ts";
export type { AddressedAgent, ChannelScope, ExampleHit, ExampleStore } from "./lmos/example-store.ts";
export { createLmosClassifier, type LmosClassifierOptions, nearestExamples } from "./lmos/lmos-classifier.ts";
export { type LmosThresholds, lmosThresholds } from "./lmos/lmos-rule.ts";
export { createMemoryExampleStore } from "./lmos/memory-example-store.ts";
export { createMessageEmbedding, type MessageEmbeddingOptions } from "./message-embedding.ts";
export type {
  Alternative,
  Classifier,
  ClassifyRequest,
  ConversationSigns,
  Explanation,
  Glance,
  HistoryMessage,
  MatchedExample,
  ModelFailure,
  PlannedPart,
  PlanRequest,
  RoutableAgent,
  RoutableCapability,
  RoutingDecision,
} from "./model.ts";
export { ModelSuccession, type ModelSuccessionOptions, type SuccessionStep } from "./model-succession.ts";
export { createQdrantExampleStore, type QdrantExampleStoreOptions } from "./qdrant/qdrant-example-store.ts";
export { clarifyingQuestion } from "./question.ts";
export {
  adaptRouterIndex,
  buildRouterIndex,
  type RouterIndex,
  type RouterIndexOptions,
} from "./router-index.ts";
export type { Sentences } from "./sentences/sentences.ts";
export { type SaidTo, sentencesFor } from "./sentences/sentences-for.ts";
export { createVectorClassifier, type VectorClassifierOptions } from "./vector-classifier.ts";
export { decideByWords } from "./word-decision.ts";
