export { backgroundSentences } from "./background.ts";
export { decide, isAcceptable } from "./decide.ts";
export { RankingError, type RankingErrorCode } from "./errors.ts";
export { fitHead, fitHeadInSteps, type HeadInput } from "./head.ts";
export { type JudgedText, judgeExamples } from "./judge-examples.ts";
export type {
  AgentCandidate,
  AgentDensity,
  CapabilityCandidate,
  CapabilityExample,
  EmbeddedText,
  Glance,
  MatchedExample,
  RankedCapability,
  RankedText,
  Ranking,
  RankingHead,
  ScoreWeights,
  Thresholds,
  Verdict,
} from "./model.ts";
export {
  type ConversationRanking,
  type RankedConversation,
  type RankedTurn,
  rankInConversation,
  type TurnSigns,
} from "./stay-filter.ts";
export { mapInSteps, runSteps, type Steps } from "./steps.ts";
export { dotRows } from "./vector.ts";
