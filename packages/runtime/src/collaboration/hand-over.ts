/**
 * An agent's answer, and those of the agents that it hands over to. Only agents of the turn's own snapshot can be named;
 * none gets the turn twice, and all of them together have the time of one.
 */
import {
  askContextKey,
  type ContextEntry,
  handoverTarget,
  type Message,
  memoryContextKey,
} from "@lmos/protocol";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import { toAgentRequest } from "../turn/agent-request.ts";
import { answerFrom } from "../turn/answer.ts";
import { type CallServices, callAgent } from "../turn/call.ts";
import { turnFailure } from "../turn/failure.ts";
import { strandedHandOver } from "../turn/replies.ts";
import type { MessageEvent, Turn, TurnEvent } from "../turn/turn.ts";
import type { Asks, IssuedTicket } from "./asks.ts";

/** A turn that agents work on. */
export interface AgentWork {
  readonly turn: Turn;
  readonly snapshot: RoutingSnapshot;
  readonly services: CallServices & { readonly asks?: Asks | undefined };
  readonly signal: AbortSignal;
}

/** The same, with what the agents get to see of the conversation. */
export interface ToldWork extends AgentWork {
  readonly messages: readonly Message[];
  /** What the first agent is asked for; undefined where it is asked by its name. */
  readonly capability?: string | undefined;
  /** Agents that wait for the answer. */
  readonly waiting?: readonly RoutedAgent[] | undefined;
  /** When it has to be there, on the monotonic clock. */
  readonly deadline?: number | undefined;
}

/** Agents after the first one. */
const maxHandOvers = 5;

/** Events that end with one `message` or one `error`. */
export async function* answerWithHandOvers(
  first: RoutedAgent,
  work: ToldWork,
): AsyncGenerator<TurnEvent, void> {
  const { clock, limits } = work.services;
  const deadline = work.deadline ?? clock.monotonic() + limits.totalMs;
  const visited: RoutedAgent[] = [];
  for (let agent = first; ; ) {
    visited.push(agent);
    const message = yield* answerOfOne(agent, workOf(agent, first, work), deadline);
    if (message === undefined) return;
    const target = handoverTarget(message.status);
    if (target === undefined) return yield message;
    const next = work.snapshot.agents.find(({ name }) => name === target);
    if (next === undefined) return yield { ...message, content: message.content || strandedHandOver };
    if (visited.includes(next) || visited.length > maxHandOvers) return yield failed(agent);
    if (message.content !== "") yield { kind: "note", text: message.content };
    yield { kind: "hand-over", from: agent.name, to: next.name };
    agent = next;
  }
}

/** Whom the work is handed to is asked by its name. */
function workOf(agent: RoutedAgent, first: RoutedAgent, work: ToldWork): ToldWork {
  return agent === first ? work : { ...work, capability: undefined };
}

/** Passes everything on but the message, which is returned; undefined when there was an error instead. */
async function* answerOfOne(
  agent: RoutedAgent,
  work: ToldWork,
  deadline: number,
): AsyncGenerator<TurnEvent, MessageEvent | undefined> {
  const { turn, snapshot, services, signal, messages, capability, waiting = [] } = work;
  using ticket = services.asks?.issue({ work, capability, waiting: [...waiting, agent], deadline });
  const request = toAgentRequest({ ...turn, messages });
  const question = {
    host: agent.host,
    subset: snapshot.identity.subset,
    request: { ...request, systemContext: [...request.systemContext, ...entriesOf(ticket)] },
  };
  const limits = { ...services.limits, totalMs: Math.max(1, deadline - services.clock.monotonic()) };
  const replies = callAgent(question, { ...services, limits }, { signal });
  for await (const event of answerFrom(replies, agent.name)) {
    if (event.kind === "message") return event;
    yield event;
  }
  return undefined;
}

function entriesOf(ticket: IssuedTicket | undefined): readonly ContextEntry[] {
  if (ticket === undefined) return [];
  return [
    { key: askContextKey, value: ticket.asksUrl },
    { key: memoryContextKey, value: ticket.memoryUrl },
  ];
}

function failed({ name }: RoutedAgent): TurnEvent {
  const message = `The agent ${name} handed over to an agent that cannot take over.`;
  return { kind: "error", failure: turnFailure("handover_failed", message) };
}
