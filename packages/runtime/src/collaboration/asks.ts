/**
 * Agents that ask for another capability while they answer. Each agent at work has a ticket that ends with its work; the
 * ticket says what may be asked: capabilities of the turn's snapshot, of agents that are not waiting for this answer.
 * Where its operation came with a token, whoever shows another one is not that agent.
 */
import { timingSafeEqual } from "node:crypto";
import type { IdSource } from "@lmos/primitives";
import { askContextKey, type ContextEntry, memoryContextKey } from "@lmos/protocol";
import type { IssuedTicket, Ticket, TicketOffice } from "./agent-work.ts";

/** What whoever shows a ticket may do: `unproven` has it, but not the token that it goes with. */
export type TicketVisit =
  | { readonly kind: "admitted"; readonly ticket: Ticket }
  | { readonly kind: "noTicket" }
  | { readonly kind: "unproven" };

/** Tickets of the agents at work. */
export class Asks implements TicketOffice {
  readonly #ids: IdSource;
  readonly #needsToken: boolean;
  readonly #tickets = new Map<string, Ticket>();
  #baseUrl: string | undefined;

  /** `needsToken`: a ticket alone is not enough where its operation came with a token. */
  constructor(ids: IdSource, { needsToken = false }: { readonly needsToken?: boolean | undefined } = {}) {
    this.#ids = ids;
    this.#needsToken = needsToken;
  }

  /** Where agents reach this runtime; until it is known, no tickets are issued. */
  serveAt(baseUrl: string): void {
    this.#baseUrl = baseUrl;
  }

  get isOpen(): boolean {
    return this.#baseUrl !== undefined;
  }

  issue(ticket: Ticket): IssuedTicket | undefined {
    if (this.#baseUrl === undefined) return undefined;
    const id = this.#ids.next();
    this.#tickets.set(id, ticket);
    return new OpenTicket(id, this.#baseUrl, this.#tickets);
  }

  /** What whoever shows the ticket, and that header `Authorization` with it, may do. */
  visit(id: string, authorization: string | undefined): TicketVisit {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return { kind: "noTicket" };
    if (ticket.token === undefined) return { kind: "admitted", ticket };
    const proven = authorization === undefined ? !this.#needsToken : isBearer(authorization, ticket.token);
    return proven ? { kind: "admitted", ticket } : { kind: "unproven" };
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

/** Takes as long for a token that is nearly right as for any other one of its length. */
function isBearer(authorization: string, token: string): boolean {
  const [, shown = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  const [one, other] = [Buffer.from(shown), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}
