/**
 * An agent's answer, and those of the agents that it hands over to. Only agents of the turn's own snapshot can be named;
 * none gets the turn twice, and all of them together have the time of one.
 */
import { type ContextEntry, handoverTarget, tokenContextKey } from "@lmos/protocol";
import type { AgentScope } from "../agent-tokens/agent-claims.ts";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import { type EntrySource, toAgentRequest } from "../turn/agent-request.ts";
import { AnswerReader } from "../turn/answer.ts";
import { type CallReply, callAgent } from "../turn/call.ts";
import { turnFailure } from "../turn/failure.ts";
import { strandedHandOver } from "../turn/replies.ts";
import type { MessageEvent, TurnEvent } from "../turn/turn.ts";
import type { IssuedTicket, ToldWork } from "./agent-work.ts";
import { OpenQuestions } from "./open-questions.ts";

/** What a ticket is good for. */
const ticketScopes: readonly AgentScope[] = ["ask", "memory"];
/** Agents after the first one. */
const maxHandOvers = 5;

/** Events that end with one `message` or one `error`. */
export async function* answerWithHandOvers(
  first: RoutedAgent,
  work: ToldWork,
): AsyncGenerator<TurnEvent, void> {
  const { clock, limits } = work.services;
  const deadline = work.deadline ?? clock.monotonic() + limits.totalMs;
  let visited: readonly RoutedAgent[] = [];
  for (let agent: RoutedAgent | undefined = first; agent !== undefined; ) {
    visited = visited.concat(agent); // no push: that makes room for sixteen more
    const asked = new AskedAgent(agent, workOf(agent, first, work), deadline);
    try {
      for await (const reply of asked.replies) {
        const event = asked.read(reply);
        if (event !== undefined) yield event;
        if (asked.hasEnded) break;
      }
    } finally {
      asked.end();
    }
    const { events, next } = handOver(asked.message, { agent, visited, snapshot: work.snapshot });
    yield* events;
    agent = next;
  }
}

interface HandOver {
  readonly events: readonly TurnEvent[];
  /** Who goes on; undefined where the events end the answer. */
  readonly next?: RoutedAgent;
}

interface Answered {
  readonly agent: RoutedAgent;
  readonly visited: readonly RoutedAgent[];
  readonly snapshot: RoutingSnapshot;
}

/** What follows an agent's message: nothing where there was an error in place of it. */
function handOver(message: MessageEvent | undefined, { agent, visited, snapshot }: Answered): HandOver {
  if (message === undefined) return { events: [] };
  const target = handoverTarget(message.status);
  if (target === undefined) return { events: [message] };
  const next = snapshot.agents.find(({ name }) => name === target);
  if (next === undefined) return { events: [{ ...message, content: message.content || strandedHandOver }] };
  if (visited.includes(next) || visited.length > maxHandOvers) return { events: [failed(agent)] };
  const said: readonly TurnEvent[] = message.content === "" ? [] : [{ kind: "note", text: message.content }];
  return { events: [...said, { kind: "hand-over", from: agent.name, to: next.name }], next };
}

/** Whom the work is handed to is asked by its name. */
function workOf(agent: RoutedAgent, first: RoutedAgent, work: ToldWork): ToldWork {
  return agent === first ? work : { ...work, capability: undefined };
}

/** One agent at work, with its ticket; end it in the end. */
class AskedAgent implements EntrySource {
  readonly replies: AsyncIterable<CallReply>;
  readonly #reader: AnswerReader;
  readonly #ticket: IssuedTicket | undefined;
  readonly #token: string | undefined;
  #message: MessageEvent | undefined;
  #hasEnded = false;

  constructor(agent: RoutedAgent, work: ToldWork, deadline: number) {
    const { turn, snapshot, services, signal, messages, capability, waiting = [] } = work;
    const { questions = new OpenQuestions() } = work;
    const asker = { capability, waiting: waiting.concat(agent), deadline, questions };
    this.#ticket = services.asks?.issue({ work, ...asker });
    const totalMs = Math.max(1, deadline - services.clock.monotonic());
    const scopes = this.#ticket === undefined ? [] : ticketScopes;
    this.#token = services.agentTokens?.mint({ ...turn, agent: agent.name, scopes, ttlMs: totalMs });
    const request = toAgentRequest(turn, { messages, told: this });
    const question = { host: agent.host, subset: snapshot.identity.subset, request };
    this.replies = callAgent(question, services, { signal, totalMs });
    this.#reader = new AnswerReader(agent.name);
  }

  /** What the agent is told of its ticket and its token. */
  get entries(): readonly ContextEntry[] {
    const token = this.#token === undefined ? [] : [{ key: tokenContextKey, value: this.#token }];
    return [...(this.#ticket?.entries ?? []), ...token];
  }

  /** True once its message, or an error in place of one, was read. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Its message, once that was read. */
  get message(): MessageEvent | undefined {
    return this.#message;
  }

  /** What the client is told of a reply at once; not the message, which may only be on its way to another agent. */
  read(reply: CallReply): TurnEvent | undefined {
    const event = this.#reader.read(reply);
    this.#hasEnded = event?.kind === "message" || event?.kind === "error";
    if (event?.kind !== "message") return event;
    this.#message = event;
    return undefined;
  }

  end(): void {
    this.#ticket?.[Symbol.dispose]();
  }
}

function failed({ name }: RoutedAgent): TurnEvent {
  const message = `The agent ${name} handed over to an agent that cannot take over.`;
  return { kind: "error", failure: turnFailure("handover_failed", message) };
}
