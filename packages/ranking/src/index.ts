export { RankingError, type RankingErrorCode } from "./errors.ts";
export type {
  AgentCandidate,
  CapabilityCandidate,
  CapabilityExample,
  EmbeddedText,
  MatchedExample,
  RankedCapability,
  Ranking,
  RankingHead,
  ScoreWeights,
  Thresholds,
  Verdict,
} from "./model.ts";
