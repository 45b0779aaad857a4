import { type AnswerFormat, questionText } from "./answer-format.ts";
import type { ChoiceRequest } from "./chat-model.ts";
import { estimateTokens, type TokenUsage } from "./token-usage.ts";

/** What a call takes at most: all that is asked, and the longest answer that there may be. */
export function mostTokens(
  request: Pick<ChoiceRequest, "system" | "candidates" | "message">,
  { maxTokens, schema }: AnswerFormat,
): TokenUsage {
  const input = [request.system, questionText(request), JSON.stringify(schema)].map(estimateTokens);
  return { input: input.reduce((sum, each) => sum + each, 0), output: maxTokens, source: "estimated" };
}
