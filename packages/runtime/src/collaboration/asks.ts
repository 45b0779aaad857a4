/**
 * Agents that ask for another capability while they answer. Each agent at work has a ticket that ends with its work; the
 * ticket says what may be asked: capabilities of the turn's snapshot, of agents that are not waiting for this answer.
 */
import type { IdSource } from "@lmos/primitives";
import { askContextKey, type ContextEntry, memoryContextKey } from "@lmos/protocol";
import type { IssuedTicket, Ticket, TicketOffice } from "./agent-work.ts";

/** Tickets of the agents at work. */
export class Asks implements TicketOffice {
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
    return new OpenTicket(id, this.#baseUrl, this.#tickets);
  }

  find(id: string): Ticket | undefined {
    return this.#tickets.get(id);
  }
}

/** A ticket and where it is kept. */
class OpenTicket implements IssuedTicket {
  readonly #id: string;
  readonly #baseUrl: string;
  readonly #tickets: Map<string, Ticket>;

  constructor(id: string, baseUrl: string, tickets: Map<string, Ticket>) {
    this.#id = id;
    this.#baseUrl = baseUrl;
    this.#tickets = tickets;
  }

  get asksUrl(): string {
    return `${this.#baseUrl}/collaboration/asks/${this.#id}`;
  }

  get memoryUrl(): string {
    return `${this.#baseUrl}/collaboration/memory/${this.#id}`;
  }

  get entries(): readonly ContextEntry[] {
    return [
      { key: askContextKey, value: this.asksUrl },
      { key: memoryContextKey, value: this.memoryUrl },
    ];
  }

  [Symbol.dispose](): void {
    this.#tickets.delete(this.#id);
  }
}
