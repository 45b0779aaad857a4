/** What a decision says in the forms that the Kotlin runtime asks of its language model. */
import type { AddressedAgent, RoutingDecision } from "@lmos/router";
import { reasonOf } from "../classification/classification.ts";

/** Names of the JSON schemas that its requests carry. */
export const disambiguationSchemaName = "DisambiguationResult";

/** `ClassifiedAgentResult`: the agent that was accepted, or null. */
export function classifiedAgentContent(decision: RoutingDecision): string {
  const agentId = decision.decision === "accept" ? decision.agent : null;
  return JSON.stringify({ reason: reasonOf(decision), agentId });
}

/** What the older router reads: the name of the agent that was accepted, or an empty one, which it takes for none. */
export function namedAgentContent(decision: RoutingDecision, agents: readonly AddressedAgent[]): string {
  const accepted = decision.decision === "accept" ? decision.agent : undefined;
  return JSON.stringify({ agentName: agents.find(({ id }) => id === accepted)?.name ?? "" });
}

/** `DisambiguationResult`: a question to the user, and how sure the likeliest topic is, in percent. */
export function disambiguationContent(decision: RoutingDecision, agents: readonly AddressedAgent[]): string {
  const topics = decision.alternatives.map(({ agent, capability }) => topicOf(agents, agent, capability));
  return JSON.stringify({
    topics,
    reasoning: reasonOf(decision),
    onlyConfirmation: decision.decision === "accept",
    confidence: Math.round(decision.confidence * 100),
    clarificationQuestion: questionOf(decision, topics),
  });
}

function questionOf(decision: RoutingDecision, topics: readonly string[]): string {
  switch (decision.decision) {
    case "accept":
      return `Is it about this: ${topics[0]}?`;
    case "ask":
      return decision.question;
    case "none":
      return topics.length === 0
        ? "I did not understand that. Could you say it in other words?"
        : `I did not understand that. I can help with: ${topics.join("; ")}. What is it about?`;
    default:
      return decision satisfies never;
  }
}

function topicOf(agents: readonly AddressedAgent[], agentId: string, capabilityId: string): string {
  const agent = agents.find(({ id }) => id === agentId);
  const description = agent?.capabilities.find(({ id }) => id === capabilityId)?.description ?? "";
  return description.replace(/[.!?\s]+$/u, "") || capabilityId;
}
