/** The second step of a turn: which agent answers? The one that the client names, the router's choice, or none yet. */
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import type { RoutingDecision } from "@lmos/router";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import { type TurnFailure, turnFailure } from "./failure.ts";
import { fallbackQuestion, politeRefusal } from "./replies.ts";
import type { RoutingEvent, Turn } from "./turn.ts";

/** Who answers: an agent, or the runtime itself with a question or a refusal. */
export type Assignment =
  | { readonly kind: "agent"; readonly agent: RoutedAgent; readonly routing: RoutingEvent }
  | { readonly kind: "reply"; readonly content: string; readonly routing: RoutingEvent };

/** What assigning needs. */
export interface AssignServices {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The failure of a turn that insists on an agent which its channel isn't wired to. */
export function checkExplicitAgent(turn: Turn, snapshot: RoutingSnapshot): TurnFailure | undefined {
  if (turn.explicitAgent === undefined || agentNamed(turn.explicitAgent, snapshot) !== undefined)
    return undefined;
  return turnFailure("unknown_agent", `No agent found with the name ${turn.explicitAgent}`);
}

/** Decides. A classifier that fails ends in a question to the user, never in a failed turn. */
export async function assignAgent(
  turn: Turn,
  snapshot: RoutingSnapshot,
  services: AssignServices,
  { signal }: { readonly signal: AbortSignal },
): Promise<Assignment> {
  const startedAt = services.clock.monotonic();
  const explicit = agentNamed(turn.explicitAgent, snapshot);
  if (explicit !== undefined) return toAgent(explicit, { snapshot, ms: 0 });
  const decision = await decide(turn, snapshot, services, signal);
  return toAssignment(decision, { snapshot, ms: services.clock.monotonic() - startedAt });
}

interface Basis {
  readonly snapshot: RoutingSnapshot;
  readonly ms: number;
}

function agentNamed(name: string | undefined, snapshot: RoutingSnapshot): RoutedAgent | undefined {
  return snapshot.agents.find((agent) => agent.name === name);
}

async function decide(
  turn: Turn,
  { classifier, identity, hash }: RoutingSnapshot,
  { logger }: AssignServices,
  signal: AbortSignal,
): Promise<RoutingDecision | undefined> {
  if (classifier === undefined) return undefined;
  const last = turn.messages.findLastIndex(({ role }) => role === "user");
  const message = turn.messages[last]?.content ?? "";
  try {
    return await classifier.classify({ message, history: turn.messages.slice(0, last) }, { signal });
  } catch (error) {
    signal.throwIfAborted();
    logger.warn("A message cannot be classified, its user gets a question", {
      ...identity,
      turnId: turn.turnId,
      snapshot: hash,
      error: errorMessage(error),
    });
    return undefined;
  }
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
      return {
        kind: "reply",
        content: politeRefusal(basis.snapshot.agents),
        routing: { ...routingOf("none", basis), confidence, alternatives },
      };
    }
    default:
      return decision satisfies never;
  }
}

function toAgent(agent: RoutedAgent, basis: Basis): Assignment {
  return {
    kind: "agent",
    agent,
    routing: { ...routingOf("explicit", basis), agent: agent.name, confidence: 1 },
  };
}

function toFallback(basis: Basis): Assignment {
  const { agents } = basis.snapshot;
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
    snapshot: snapshot.hash,
    ms,
  };
}
