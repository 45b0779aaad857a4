/** What assigning comes to: who answers a turn, and the event that tells why. */
import type { Message } from "@lmos/protocol";
import {
  type Alternative,
  clarifyingQuestion,
  type RoutingDecision,
  type SaidTo,
  sentencesFor,
} from "@lmos/router";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import type { MessagePart } from "./find-parts.ts";
import { fallbackQuestion, politeRefusal } from "./replies.ts";
import type { RoutingEvent, RoutingStage } from "./turn.ts";

/** A part of a message for one agent. */
export interface AssignedPart {
  readonly agent: RoutedAgent;
  readonly capability: string;
  readonly text: string;
  /** Places of earlier parts whose answers it is told; it waits for them. */
  readonly needs: readonly number[];
}

/** Who answers: an agent, several of them a part each, or the runtime itself with a question or a refusal. */
export type Assignment =
  | {
      readonly kind: "agent";
      readonly agent: RoutedAgent;
      /** What the agent gets to see of the conversation. */
      readonly messages: readonly Message[];
      readonly routing: RoutingEvent;
    }
  | { readonly kind: "parts"; readonly parts: readonly AssignedPart[]; readonly routing: RoutingEvent }
  | { readonly kind: "reply"; readonly content: string; readonly routing: RoutingEvent };

/** Of what an assignment is made. */
export interface Basis {
  readonly snapshot: RoutingSnapshot;
  readonly messages: readonly Message[];
  readonly ms: number;
}

/** The agent of a choice: the user's, or the likeliest of those in question. */
export function toChosen(choice: Alternative | undefined, stage: RoutingStage, basis: Basis): Assignment {
  const agent = agentNamed(choice?.agent, basis.snapshot);
  if (choice === undefined || agent === undefined) return toFallback(basis);
  const { capability, confidence } = choice;
  const routing = { ...routingOf("accept", stage, basis), agent: agent.name, capability, confidence };
  return { kind: "agent", agent, messages: basis.messages, routing };
}

/** A question which of these agents is meant. */
export function toQuestion(choices: readonly Alternative[], basis: Basis): Assignment {
  const { agents } = basis.snapshot;
  const confidence = Math.max(...choices.map((choice) => choice.confidence));
  return {
    kind: "reply",
    content: clarifyingQuestion(choices, agents, saidTo(basis)),
    routing: { ...routingOf("ask", "vector", basis), choices, confidence, alternatives: choices },
  };
}

/** Several agents, a part each. */
export function toParts(parts: readonly MessagePart[], stage: RoutingStage, basis: Basis): Assignment {
  const assigned = parts.flatMap(({ agent: name, capability, text, needs }) => {
    const agent = agentNamed(name, basis.snapshot);
    return agent === undefined ? [] : [{ agent, capability, text, needs }];
  });
  const confidence = Math.min(...parts.map((part) => part.confidence));
  const names = parts.map(({ text: _, needs, ...named }) => ({
    ...named,
    ...(needs.length > 0 && { needs }),
  }));
  return {
    kind: "parts",
    parts: assigned,
    routing: { ...routingOf("accept", stage, basis), confidence, parts: names },
  };
}

/** The agent of that name, where the channel is wired to it. */
export function agentNamed(name: string | undefined, snapshot: RoutingSnapshot): RoutedAgent | undefined {
  return snapshot.agents.find((agent) => agent.name === name);
}

/** What a decision comes to; without one, the channel's fallback agent or a question. */
export function toAssignment(decision: RoutingDecision | undefined, basis: Basis): Assignment {
  if (decision === undefined) return toFallback(basis);
  const { stage } = decision.explanation;
  switch (decision.decision) {
    case "accept": {
      const agent = agentNamed(decision.agent, basis.snapshot);
      if (agent === undefined) return toFallback(basis); // a classifier may not name what isn't wired
      const { capability, confidence, alternatives } = decision;
      return {
        kind: "agent",
        agent,
        messages: basis.messages,
        routing: {
          ...routingOf("accept", stage, basis),
          agent: agent.name,
          capability,
          confidence,
          alternatives,
        },
      };
    }
    case "ask": {
      const { choices, confidence, alternatives } = decision;
      return {
        kind: "reply",
        content: decision.question,
        routing: { ...routingOf("ask", stage, basis), choices, confidence, alternatives },
      };
    }
    case "none":
      return toRefusal(stage, basis, decision);
    default:
      return decision satisfies never;
  }
}

/** None of the agents: the channel's fallback agent, else a polite refusal. */
export function toRefusal(
  stage: RoutingStage,
  basis: Basis,
  { confidence, alternatives }: Pick<RoutingEvent, "confidence" | "alternatives"> = nothingFound,
): Assignment {
  const routing = { ...routingOf("none", stage, basis), confidence, alternatives };
  const fallback = agentNamed(basis.snapshot.settings.fallbackAgent, basis.snapshot);
  if (fallback !== undefined) return toFallbackAgent(fallback, { ...basis, routing });
  return { kind: "reply", content: politeRefusal(basis.snapshot.agents, saidTo(basis)), routing };
}

/** In which language the runtime's own words are. */
function saidTo({ snapshot, messages }: Basis): SaidTo {
  return { declared: snapshot.settings.language, messages };
}

const nothingFound = { confidence: 0, alternatives: [] };

/** The agent that the client names. */
export function toExplicit(agent: RoutedAgent, basis: Basis): Assignment {
  return {
    kind: "agent",
    agent,
    messages: basis.messages,
    routing: { ...routingOf("explicit", "explicit", basis), agent: agent.name, confidence: 1 },
  };
}

/** The agent that the channel declares for what is for none of the others. */
function toFallbackAgent(
  agent: RoutedAgent,
  { messages, routing }: { readonly messages: readonly Message[]; readonly routing: RoutingEvent },
): Assignment {
  return { kind: "agent", agent, messages, routing: { ...routing, agent: agent.name } };
}

/** Where there is no decision: the channel's fallback agent, else a question. */
function toFallback(basis: Basis): Assignment {
  const { agents, settings } = basis.snapshot;
  const declared = agentNamed(settings.fallbackAgent, basis.snapshot);
  if (declared !== undefined) {
    return toFallbackAgent(declared, { ...basis, routing: routingOf("none", "fallback", basis) });
  }
  if (agents.length === 0)
    return {
      kind: "reply",
      content: sentencesFor(saidTo(basis)).refusalForNow,
      routing: routingOf("none", "fallback", basis),
    };
  const choices = agents.slice(0, 3).map(({ name, capabilities }) => ({
    agent: name,
    capability: capabilities[0]?.name ?? "",
    confidence: 0,
  }));
  return {
    kind: "reply",
    content: fallbackQuestion(agents, saidTo(basis)),
    routing: { ...routingOf("ask", "fallback", basis), choices },
  };
}

/** One for all: a turn that waits holds its event. */
const none: readonly never[] = [];

function routingOf(
  decision: RoutingEvent["decision"],
  stage: RoutingStage,
  { snapshot, ms }: Basis,
): RoutingEvent {
  return {
    kind: "routing",
    decision,
    stage,
    agent: undefined,
    capability: undefined,
    confidence: 0,
    choices: none,
    alternatives: none,
    parts: none,
    snapshot: snapshot.hash,
    ms,
  };
}
