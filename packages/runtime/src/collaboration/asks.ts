/**
 * Agents that ask for another capability while they answer. Each agent at work has a ticket that ends with its work; the
 * ticket says what may be asked: capabilities of the turn's snapshot, of agents that are not waiting for this answer.
 */
import type { IdSource } from "@lmos/primitives";
import type { RoutedAgent } from "../routing/snapshot.ts";
import type { ToldWork } from "./hand-over.ts";

/** What an agent at work may ask, and what it may remember. */
export interface Ticket {
  readonly work: ToldWork;
  /** What the agent that asks was asked for; undefined where it was asked by its name. */
  readonly capability: string | undefined;
  /** The agents that wait, the one that asks last. */
  readonly waiting: readonly RoutedAgent[];
  /** When the turn is over, on the monotonic clock. */
  readonly deadline: number;
  /** Of the agent that asks and of all whom it has made work. */
  readonly questions: OpenQuestions;
}

/** Questions that may be open at once: an agent that asks and asks would make all others work for it. */
const maxQuestions = 16;

/** Counts the questions that wait for their answers. */
export class OpenQuestions {
  #open = 0;

  /** One more, to be disposed with its answer; undefined where there are as many as there may be. */
  begin(): Disposable | undefined {
    if (this.#open >= maxQuestions) return undefined;
    this.#open += 1;
    return { [Symbol.dispose]: () => this.#end() };
  }

  #end(): void {
    this.#open -= 1;
  }
}

/** A ticket's address, for as long as it is valid. */
export interface IssuedTicket extends Disposable {
  readonly asksUrl: string;
  readonly memoryUrl: string;
}

/** Tickets of the agents at work. */
export class Asks {
  readonly #ids: IdSource;
  readonly #tickets = new Map<string, Ticket>();
  #baseUrl: string | undefined;

  constructor(ids: IdSource) {
    this.#ids = ids;
  }

  /** Where agents reach this runtime; until it is known, no tickets are issued. */
  serveAt(baseUrl: string): void {
    this.#baseUrl = baseUrl;
  }

  issue(ticket: Ticket): IssuedTicket | undefined {
    if (this.#baseUrl === undefined) return undefined;
    const id = this.#ids.next();
    this.#tickets.set(id, ticket);
    return {
      asksUrl: `${this.#baseUrl}/collaboration/asks/${id}`,
      memoryUrl: `${this.#baseUrl}/collaboration/memory/${id}`,
      [Symbol.dispose]: () => void this.#tickets.delete(id),
    };
  }

  find(id: string): Ticket | undefined {
    return this.#tickets.get(id);
  }
}
