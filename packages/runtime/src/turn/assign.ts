/** The second step of a turn: which agent answers? The one that the client names, the router's choice, or none yet. */
import type { Clock } from "@lmos/primitives";
import type { Message } from "@lmos/protocol";
import { type Alternative, clarifyingQuestion, type RoutingDecision } from "@lmos/router";
import type { ConversationMemory, RememberedConversation } from "../conversation/conversation-memory.ts";
import { loggable } from "../loggable.ts";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import { withAnsweringAgents } from "./answered-by.ts";
import { understandChoice } from "./choice.ts";
import { type Classify, createDecider, type Decider, type DecideServices, type How } from "./decide.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import { agentWithTurn, keepsTurn, keptTurn, speaksForItself } from "./keep-turn.ts";
import { findParts, type MessagePart } from "./find-parts.ts";
import { findNamedTopics } from "./named-topics.ts";
import { type AskedQuestion, findOpenQuestion, type OpenQuestion } from "./open-question.ts";
import { fallbackQuestion, politeRefusal } from "./replies.ts";
import type { RoutingEvent, Turn } from "./turn.ts";

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

/** What assigning needs. */
export interface AssignServices extends DecideServices {
  readonly clock: Clock;
  readonly conversations: Pick<ConversationMemory, "find">;
}

/** The failure of a turn that insists on an agent which its channel isn't wired to. */
export function checkExplicitAgent(turn: Turn, snapshot: RoutingSnapshot): TurnFailure | undefined {
  if (turn.explicitAgent === undefined || agentNamed(turn.explicitAgent, snapshot) !== undefined)
    return undefined;
  return turnFailure("unknown_agent", `No agent found with the name ${loggable(turn.explicitAgent)}`);
}

/** Decides. A classifier that fails ends with the channel's fallback agent or in a question, never in a failed turn. */
export async function assignAgent(
  turn: Turn,
  snapshot: RoutingSnapshot,
  services: AssignServices,
  { signal }: { readonly signal: AbortSignal },
): Promise<Assignment> {
  const startedAt = services.clock.monotonic();
  const explicit = agentNamed(turn.explicitAgent, snapshot);
  const remembered = services.conversations.find(turn) ?? nothingSaid;
  const decider = createDecider(turn, { snapshot, remembered: remembered.messages, services, signal });
  const { classify } = decider;
  const basis = (): Basis => ({
    snapshot,
    messages: turn.messages,
    ms: services.clock.monotonic() - startedAt,
  });
  if (explicit !== undefined) return toAgent(explicit, { ...basis(), ms: 0 });
  const open = await findOpenQuestion(turn.messages, remembered, async (messages) =>
    questionOf(toAssignment(await classify(messages), basis())),
  );
  if (open !== undefined) return assignReply(turn, open, { classify, basis });
  const divided = await divide(turn, snapshot, decider);
  if (divided !== undefined) return toParts(divided, basis());
  const said = remembered.handedOver === true ? [] : withAnsweringAgents(turn.messages, remembered.messages);
  const topics = await topicsOf(turn, classify);
  const isAnswer = topics?.some(({ agent }) => agent === agentWithTurn(said)) === true;
  if (topics !== undefined && !isAnswer) return toQuestion(topics, basis());
  const decision = await classify(turn.messages, restOf(remembered, services.clock));
  const kept = decision?.decision === "ask" ? keptTurn(decision, said) : undefined;
  if (kept !== undefined || keepsTurn(decision, said)) {
    const alone = await classify(turn.messages.slice(-1), { withoutModel: true });
    if (speaksForItself(alone)) return toAssignment(alone, basis());
  }
  return kept === undefined ? toAssignment(decision, basis()) : toChosen(kept, basis());
}

const nothingSaid: Pick<RememberedConversation, "messages" | "handedOver"> = { messages: [] };

/** Whether what was said before still counts, as far as the runtime knows. */
function restOf({ at, handedOver }: Partial<RememberedConversation>, clock: Clock): How {
  return {
    ...(at !== undefined && { idleMs: Math.max(0, clock.now() - at) }),
    ...(handedOver === true && { handedOver }),
  };
}

interface Basis {
  readonly snapshot: RoutingSnapshot;
  readonly messages: readonly Message[];
  readonly ms: number;
}

interface Deciding {
  readonly classify: Classify;
  readonly basis: () => Basis;
}

function questionOf(assignment: Assignment): AskedQuestion | undefined {
  if (assignment.kind !== "reply" || assignment.routing.decision !== "ask") return undefined;
  return { question: assignment.content, choices: assignment.routing.choices };
}

/** The reply to a question names one of its choices, or is about something else; it never leads to another question. */
async function assignReply(
  turn: Turn,
  { choices, messages }: OpenQuestion,
  { classify, basis }: Deciding,
): Promise<Assignment> {
  const reply = turn.messages.at(-1);
  const { agents } = basis().snapshot;
  const chosen = understandChoice(reply?.content ?? "", choices, agents);
  if (chosen !== undefined) {
    const said = chosen.isBare || reply === undefined ? messages : [...messages, reply];
    return toChosen(chosen.alternative, { ...basis(), messages: said });
  }
  const decision = await classify(turn.messages.slice(-1));
  if (decision === undefined || decision.decision === "ask") {
    const likeliest = decision?.alternatives.find(({ agent }) =>
      choices.some((each) => each.agent === agent),
    );
    return toChosen(likeliest ?? choices[0], basis());
  }
  return toAssignment(decision, basis());
}

function toChosen(choice: Alternative | undefined, basis: Basis): Assignment {
  const agent = agentNamed(choice?.agent, basis.snapshot);
  if (choice === undefined || agent === undefined) return toFallback(basis);
  const { capability, confidence } = choice;
  const routing = { ...routingOf("accept", basis), agent: agent.name, capability, confidence };
  return { kind: "agent", agent, messages: basis.messages, routing };
}

async function topicsOf(
  turn: Turn,
  classify: Deciding["classify"],
): Promise<readonly Alternative[] | undefined> {
  const message = turn.messages.at(-1);
  if (message?.role !== "user") return undefined;
  return findNamedTopics(message.content, (content) =>
    classify([{ ...message, content }], { withoutModel: true }),
  );
}

function toQuestion(choices: readonly Alternative[], basis: Basis): Assignment {
  const { agents, settings } = basis.snapshot;
  const confidence = Math.max(...choices.map((choice) => choice.confidence));
  return {
    kind: "reply",
    content: clarifyingQuestion(choices, agents, settings.language),
    routing: { ...routingOf("ask", basis), choices, confidence, alternatives: choices },
  };
}

/** Undefined too where a part is for an agent that isn't wired: a classifier may not name one. */
async function divide(
  turn: Turn,
  { agents }: RoutingSnapshot,
  { classify, plan }: Decider,
): Promise<readonly MessagePart[] | undefined> {
  const message = turn.messages.at(-1);
  if (message?.role !== "user") return undefined;
  const history = turn.messages.slice(0, -1);
  const parts = await findParts(message.content, {
    classify: (content) => classify([{ ...message, content }], { withoutModel: true }),
    plan: plan && ((pieces) => plan({ message: message.content, history, pieces })),
  });
  const isWired = (name: string): boolean => agents.some((agent) => agent.name === name);
  return parts?.every(({ agent }) => isWired(agent)) === true ? parts : undefined;
}

function toParts(parts: readonly MessagePart[], basis: Basis): Assignment {
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
    routing: { ...routingOf("accept", basis), confidence, parts: names },
  };
}

function agentNamed(name: string | undefined, snapshot: RoutingSnapshot): RoutedAgent | undefined {
  return snapshot.agents.find((agent) => agent.name === name);
}

function toAssignment(decision: RoutingDecision | undefined, basis: Basis): Assignment {
  if (decision === undefined) return toFallback(basis);
  switch (decision.decision) {
    case "accept": {
      const agent = agentNamed(decision.agent, basis.snapshot);
      if (agent === undefined) return toFallback(basis); // a classifier may not name what isn't wired
      const { capability, confidence, alternatives } = decision;
      return {
        kind: "agent",
        agent,
        messages: basis.messages,
        routing: { ...routingOf("accept", basis), agent: agent.name, capability, confidence, alternatives },
      };
    }
    case "ask": {
      const { choices, confidence, alternatives } = decision;
      return {
        kind: "reply",
        content: decision.question,
        routing: { ...routingOf("ask", basis), choices, confidence, alternatives },
      };
    }
    case "none": {
      const { confidence, alternatives } = decision;
      const routing = { ...routingOf("none", basis), confidence, alternatives };
      const fallback = agentNamed(basis.snapshot.settings.fallbackAgent, basis.snapshot);
      if (fallback !== undefined) return toFallbackAgent(fallback, { ...basis, routing });
      return { kind: "reply", content: politeRefusal(basis.snapshot.agents), routing };
    }
    default:
      return decision satisfies never;
  }
}

function toAgent(agent: RoutedAgent, basis: Basis): Assignment {
  return {
    kind: "agent",
    agent,
    messages: basis.messages,
    routing: { ...routingOf("explicit", basis), agent: agent.name, confidence: 1 },
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
    return toFallbackAgent(declared, { ...basis, routing: routingOf("none", basis) });
  }
  if (agents.length === 0)
    return { kind: "reply", content: politeRefusal(agents), routing: routingOf("none", basis) };
  const choices = agents.slice(0, 3).map(({ name, capabilities }) => ({
    agent: name,
    capability: capabilities[0]?.name ?? "",
    confidence: 0,
  }));
  return {
    kind: "reply",
    content: fallbackQuestion(agents),
    routing: { ...routingOf("ask", basis), choices },
  };
}

function routingOf(decision: RoutingEvent["decision"], { snapshot, ms }: Basis): RoutingEvent {
  return {
    kind: "routing",
    decision,
    agent: undefined,
    capability: undefined,
    confidence: 0,
    choices: [],
    alternatives: [],
    parts: [],
    snapshot: snapshot.hash,
    ms,
  };
}
