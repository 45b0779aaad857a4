/**
 * An agent's answer, and those of the agents that it hands over to. Only agents of the turn's own snapshot can be named;
 * none gets the turn twice, and all of them together have the time of one.
 */
import { type ContextEntry, handoverTarget, tokenContextKey } from "@lmos/protocol";
import type { AgentScope } from "../agent-tokens/agent-claims.ts";
import type { Replies, ReplyReader } from "../agents/agent-connection.ts";
import type { RoutedAgent } from "../routing/snapshot.ts";
import { type EntrySource, toAgentRequest } from "../turn/agent-request.ts";
import { AnswerReader } from "../turn/answer.ts";
import { type CallReply, callAgent } from "../turn/call.ts";
import { type EventReader, type EventStep, noMoreEvents, TurnEventSource } from "../turn/event-source.ts";
import { turnFailure } from "../turn/failure.ts";
import { sentencesOf } from "../turn/replies.ts";
import type { MessageEvent, TurnEvent } from "../turn/turn.ts";
import type { IssuedTicket, ToldWork } from "./agent-work.ts";
import { OpenQuestions } from "./open-questions.ts";

/** What a ticket is good for. */
const ticketScopes: readonly AgentScope[] = ["ask", "memory"];
/** Agents after the first one. */
const maxHandOvers = 5;

/** Events that end with one `message` or one `error`. */
export function answerWithHandOvers(first: RoutedAgent, work: ToldWork): TurnEventSource {
  return new HandedAnswer(first, work);
}

/** The events, read one after the other. No generator: each stream that waits for its agent would hold it. */
class HandedAnswer extends TurnEventSource implements ReplyReader<CallReply> {
  readonly #first: RoutedAgent;
  readonly #work: ToldWork;
  readonly #deadline: number;
  #visited: readonly RoutedAgent[] = [];
  /** Who is at work. */
  #asked: AskedAgent | undefined;
  /** Who is asked when all events were read; undefined where they end the answer. */
  #next: RoutedAgent | undefined;
  /** What is told before anybody is asked. */
  #events = noEvents;
  /** Who waits for an event. */
  #reader: EventReader | undefined;

  constructor(first: RoutedAgent, work: ToldWork) {
    super();
    const { clock, limits } = work.services;
    this.#first = first;
    this.#next = first;
    this.#work = work;
    this.#deadline = work.deadline ?? clock.monotonic() + limits.totalMs;
  }

  read(reader: EventReader): void {
    const [event, ...others] = this.#events;
    this.#events = others.length === 0 ? noEvents : others;
    if (event === undefined) this.#ask(reader);
    else reader.take({ done: false, value: event });
  }

  return(): Promise<EventStep> {
    this.#next = undefined;
    this.#events = noEvents;
    this.#reader = undefined;
    this.#leave();
    return Promise.resolve(noMoreEvents);
  }

  take(reply: CallReply): void {
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader === undefined) return;
    try {
      this.#onReply(reply, reader);
    } catch (error) {
      reader.fail(error);
    }
  }

  fail(error: unknown): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#leave();
    reader?.fail(error);
  }

  #ask(reader: EventReader): void {
    this.#asked ??= this.#askNext();
    if (this.#asked === undefined) {
      reader.take(noMoreEvents);
    } else {
      this.#reader = reader;
      this.#asked.replies.read();
    }
  }

  #askNext(): AskedAgent | undefined {
    const agent = this.#next;
    if (agent === undefined) return undefined;
    this.#next = undefined;
    this.#visited = this.#visited.concat(agent); // no push: that makes room for sixteen more
    return new AskedAgent(agent, workOf(agent, this.#first, this.#work), {
      deadline: this.#deadline,
      reader: this,
    });
  }

  #onReply(reply: CallReply, reader: EventReader): void {
    const event = this.#asked?.read(reply);
    if (this.#asked?.hasEnded === true) this.#goOn(event, reader);
    else if (event === undefined) this.read(reader);
    else reader.take({ done: false, value: event });
  }

  /** After the last reply of an agent: what it says of it, and what becomes of its message. */
  #goOn(last: TurnEvent | undefined, reader: EventReader): void {
    const message = this.#asked?.message;
    this.#leave();
    const { turn, snapshot } = this.#work;
    const { events, next } = handOver(message, { visited: this.#visited, turn, snapshot });
    this.#events = last === undefined ? events : [last, ...events];
    this.#next = next;
    this.read(reader);
  }

  /** Leaves who is at work: its call is cancelled unless it is over. */
  #leave(): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.leave();
  }
}

const noEvents: readonly TurnEvent[] = [];

interface HandOver {
  readonly events: readonly TurnEvent[];
  /** Who goes on; undefined where the events end the answer. */
  readonly next?: RoutedAgent;
}

interface Answered extends Pick<ToldWork, "turn" | "snapshot"> {
  /** Those who were asked, the one that answered last. */
  readonly visited: readonly RoutedAgent[];
}

/** What follows an agent's message: nothing where there was an error in place of it. */
function handOver(message: MessageEvent | undefined, { visited, turn, snapshot }: Answered): HandOver {
  const agent = visited.at(-1);
  if (message === undefined || agent === undefined) return { events: [] };
  const target = handoverTarget(message.status);
  if (target === undefined) return { events: [message] };
  const next = snapshot.agents.find(({ name }) => name === target);
  if (next === undefined) {
    const content = message.content || sentencesOf(turn, snapshot).nobodyTakesOver;
    return { events: [{ ...message, content }] };
  }
  if (visited.includes(next) || visited.length > maxHandOvers) return { events: [failed(agent)] };
  const said: readonly TurnEvent[] = message.content === "" ? [] : [{ kind: "note", text: message.content }];
  return { events: [...said, { kind: "hand-over", from: agent.name, to: next.name }], next };
}

/** Whom the work is handed to is asked by its name. */
function workOf(agent: RoutedAgent, first: RoutedAgent, work: ToldWork): ToldWork {
  return agent === first ? work : { ...work, capability: undefined };
}

interface AskOptions {
  readonly deadline: number;
  readonly reader: ReplyReader<CallReply>;
}

/** One agent at work, with its ticket; leave it in the end. */
class AskedAgent implements EntrySource {
  readonly replies: Replies;
  readonly #reader: AnswerReader;
  readonly #ticket: IssuedTicket | undefined;
  readonly #token: string | undefined;
  #message: MessageEvent | undefined;
  #hasEnded = false;

  constructor(agent: RoutedAgent, work: ToldWork, { deadline, reader }: AskOptions) {
    const { turn, snapshot, services, signal, messages, capability, waiting = [] } = work;
    const { questions = new OpenQuestions() } = work;
    const totalMs = Math.max(1, deadline - services.clock.monotonic());
    const scopes = services.asks?.isOpen === true ? ticketScopes : [];
    this.#token = services.agentTokens?.mint({ ...turn, agent: agent.name, scopes, ttlMs: totalMs });
    const asker = { capability, waiting: waiting.concat(agent), deadline, token: this.#token, questions };
    this.#ticket = services.asks?.issue({ work, ...asker });
    const request = toAgentRequest(turn, { messages, told: this });
    const question = { channel: snapshot.identity, agent: agent.name, host: agent.host, request };
    this.replies = callAgent(question, services, { signal, totalMs, reader });
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

  leave(): void {
    try {
      this.replies.leave();
    } finally {
      this.#ticket?.[Symbol.dispose]();
    }
  }
}

function failed({ name }: RoutedAgent): TurnEvent {
  const message = `The agent ${name} handed over to an agent that cannot take over.`;
  return { kind: "error", failure: turnFailure("handover_failed", message) };
}
