/** What agents work on, and the ticket that each of them has while it does. */
import type { ContextEntry, Message } from "@lmos/protocol";
import type { TokenMint } from "../agent-tokens/agent-tokens.ts";
import type { RoutedAgent, RoutingSnapshot } from "../routing/snapshot.ts";
import type { CallServices } from "../turn/call.ts";
import type { Turn } from "../turn/turn.ts";
import type { OpenQuestions } from "./open-questions.ts";

/** A turn that agents work on. */
export interface AgentWork {
  readonly turn: Turn;
  readonly snapshot: RoutingSnapshot;
  readonly services: CallServices & {
    readonly asks?: TicketOffice | undefined;
    /** Agents get no tokens unless it is given. */
    readonly agentTokens?: TokenMint | undefined;
  };
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
  /** Of those who wait; none yet unless given. */
  readonly questions?: OpenQuestions | undefined;
}

/** What an agent at work may ask, and what it may remember. */
export interface Ticket {
  readonly work: ToldWork;
  /** What the agent that asks was asked for; undefined where it was asked by its name. */
  readonly capability: string | undefined;
  /** The agents that wait, the one that asks last. */
  readonly waiting: readonly RoutedAgent[];
  /** When the turn is over, on the monotonic clock. */
  readonly deadline: number;
  /** What its operation came with; undefined where agents get no tokens. */
  readonly token?: string | undefined;
  /** Of the agent that asks and of all whom it has made work. */
  readonly questions: OpenQuestions;
}

/** A ticket's address, for as long as it is valid. */
export interface IssuedTicket extends Disposable {
  readonly asksUrl: string;
  readonly memoryUrl: string;
  /** The same as its agent is told. */
  readonly entries: readonly ContextEntry[];
}

/** Where agents at work get their tickets. */
export interface TicketOffice {
  /** Whether it issues tickets. */
  readonly isOpen: boolean;
  /** A ticket until it is disposed; undefined while nobody knows where agents could show it. */
  issue(ticket: Ticket): IssuedTicket | undefined;
}
