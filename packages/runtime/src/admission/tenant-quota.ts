/** How many turns a tenant may begin a second, with a burst of one second's worth. */
import type { Clock } from "@lmos/primitives";

/** Tenants that are remembered; one that is forgotten starts with a full bucket. */
const maxTenants = 10_000;

interface Bucket {
  turns: number;
  filledAt: number;
}

/** A bucket for each tenant. */
export class TenantQuota {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ clock, perSecond }: { readonly clock: Clock; readonly perSecond: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Takes one turn of a tenant's quota; false when there is none left. */
  take(tenant: string): boolean {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(tenant) ?? { turns: this.#perSecond, filledAt: now };
    const filled = known.turns + ((now - known.filledAt) / 1000) * this.#perSecond;
    const turns = Math.min(Math.max(1, this.#perSecond), filled);
    const granted = turns >= 1;
    this.#remember(tenant, { turns: granted ? turns - 1 : turns, filledAt: now });
    return granted;
  }

  #remember(tenant: string, bucket: Bucket): void {
    this.#buckets.delete(tenant); // a Map keeps the order of insertion: the first is the one that was quiet longest
    this.#buckets.set(tenant, bucket);
    const quietest = this.#buckets.keys().next().value;
    if (this.#buckets.size > maxTenants && quietest !== undefined) this.#buckets.delete(quietest);
  }
}
