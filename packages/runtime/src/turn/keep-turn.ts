/**
 * A question in the middle of a conversation. Where the agent that has the turn is among those in question, a message
 * that does not say otherwise goes on with it: users answer agents in half sentences, and are not asked about each.
 */
import type { Alternative, HistoryMessage, RoutingDecision } from "@lmos/router";

/** The choice that keeps the turn; undefined where the question is to be put. What a model asks is always put. */
export function keptTurn(
  decision: Extract<RoutingDecision, { decision: "ask" }>,
  history: readonly HistoryMessage[],
): Alternative | undefined {
  if (decision.explanation.stage === "llm") return undefined;
  const answered = history.findLast(({ role }) => role === "assistant")?.agent;
  return decision.choices.find(({ agent }) => agent === answered);
}
