/**
 * What tenants and their users may use beside turns a second of the tenant (see {@link TurnGate}): turns a second of a
 * user, turns at once, characters of messages a second of both. Users are those who proved it, else whom clients name.
 */
import type { Clock } from "@lmos/primitives";
import type { RuntimeLimits } from "../limits.ts";
import { type TurnFailure, turnFailure } from "../turn/failure.ts";
import type { Turn } from "../turn/turn.ts";
import { RateQuota } from "./rate-quota.ts";

/** Who asks for a turn, and with what. */
export type Asker = Pick<Turn, "tenant" | "owner" | "userId" | "messages">;

/** What quotas are made of. */
export interface TurnQuotasOptions {
  readonly clock: Clock;
  readonly limits: Pick<
    RuntimeLimits,
    | "tenantTurns"
    | "userTurns"
    | "userTurnsPerSecond"
    | "tenantCharactersPerSecond"
    | "userCharactersPerSecond"
  >;
}

/** Counts for each tenant and each user. Each turn that entered must be followed by one {@link TurnQuotas.leave}. */
export class TurnQuotas {
  readonly #limits: TurnQuotasOptions["limits"];
  readonly #turnRate: RateQuota;
  readonly #tenantCharacters: RateQuota;
  readonly #userCharacters: RateQuota;
  readonly #running = new Map<string, number>();

  constructor({ clock, limits }: TurnQuotasOptions) {
    this.#limits = limits;
    this.#turnRate = new RateQuota({ clock, perSecond: limits.userTurnsPerSecond });
    this.#tenantCharacters = new RateQuota({ clock, perSecond: limits.tenantCharactersPerSecond });
    this.#userCharacters = new RateQuota({ clock, perSecond: limits.userCharactersPerSecond });
  }

  /** Lets a turn in, or says why not. */
  enter(asker: Asker): TurnFailure | undefined {
    const { tenant } = asker;
    const user = userText(asker);
    const { tenantTurns, userTurns } = this.#limits;
    if (this.#runningOf(tenantText(tenant)) >= tenantTurns)
      return exceeded("tenant has too many turns at once");
    if (this.#runningOf(user) >= userTurns) return exceeded("user has too many turns at once");
    if (!this.#turnRate.take(user)) return exceeded("user sends too many turns");
    const characters = charactersOf(asker);
    if (!this.#userCharacters.take(user, characters)) return exceeded("user sends too much text");
    if (!this.#tenantCharacters.take(tenant, characters)) return exceeded("tenant sends too much text");
    this.#add(asker, 1);
    return undefined;
  }

  /** A turn that had entered is over. */
  leave(asker: Asker): void {
    this.#add(asker, -1);
  }

  #runningOf(name: string): number {
    return this.#running.get(name) ?? 0;
  }

  #add(asker: Asker, change: number): void {
    for (const name of [tenantText(asker.tenant), userText(asker)]) {
      const running = this.#runningOf(name) + change;
      if (running > 0) this.#running.set(name, running);
      else this.#running.delete(name);
    }
  }
}

function exceeded(what: string): TurnFailure {
  return turnFailure("quota_exceeded", `The ${what}.`, 1);
}

function tenantText(tenant: string): string {
  return JSON.stringify([tenant]);
}

function userText({ tenant, owner, userId }: Asker): string {
  return JSON.stringify([tenant, owner?.issuer ?? null, owner?.subject ?? userId]);
}

function charactersOf({ messages }: Asker): number {
  const lengths = messages.flatMap(({ content, binaryData = [] }) => [
    content.length,
    ...binaryData.map(({ dataAsBase64 = "" }) => dataAsBase64.length),
  ]);
  return lengths.reduce((sum, length) => sum + length, 0);
}
