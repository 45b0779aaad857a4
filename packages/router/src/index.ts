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
