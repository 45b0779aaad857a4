/**
 * A question in the middle of a conversation. Where the agent that has the turn is among those in question, a message
 * that does not speak for itself goes on with it: users answer agents in half sentences, and are not asked about each.
 */
import type { Alternative, HistoryMessage, RoutingDecision } from "@lmos/router";

/** The choice that keeps the turn; undefined where the question is to be put. What a model asks is always put. */
export function keptTurn(
  decision: Extract<RoutingDecision, { decision: "ask" }>,
  history: readonly HistoryMessage[],
): Alternative | undefined {
  if (decision.explanation.stage === "llm") return undefined;
  const answered = agentWithTurn(history);
  return decision.choices.find(({ agent }) => agent === answered);
}

/** Whether the vectors leave the turn with the agent that has it. */
export function keepsTurn(
  decision: RoutingDecision | undefined,
  history: readonly HistoryMessage[],
): boolean {
  if (decision?.decision !== "accept" || decision.explanation.stage === "llm") return false;
  return decision.agent === agentWithTurn(history);
}

/** So sure must the router be of a message alone, and so near must it be to an example, to leave the conversation. */
const least = { confidence: 0.95, similarity: 0.8 };

/** Whether a message, without what was said before, is nearly what users of one agent are known to say. */
export function speaksForItself(alone: RoutingDecision | undefined): boolean {
  if (alone?.decision !== "accept" || alone.confidence < least.confidence) return false;
  const [nearest] = alone.explanation.matchedExamples;
  return nearest?.agent === alone.agent && nearest.similarity >= least.similarity;
}

/** The agent that answered last; undefined where that was the runtime itself, or nobody knows. */
export function agentWithTurn(history: readonly HistoryMessage[]): string | undefined {
  return history.findLast(({ role }) => role === "assistant")?.agent;
}
