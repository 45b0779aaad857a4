/** How much somebody may use a second, with a burst of one second's worth. */
import type { Clock } from "@lmos/primitives";

/** Names that are remembered; one that is forgotten starts with a full bucket. */
const maxNames = 10_000;

interface Bucket {
  readonly left: number;
  readonly filledAt: number;
}

/** A bucket for each name. */
export class RateQuota {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor({ clock, perSecond }: { readonly clock: Clock; readonly perSecond: number }) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Takes an amount of a name's quota; false when there is too little left. More than a burst takes from the future. */
  take(name: string, amount = 1): boolean {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock.monotonic();
    const burst = Math.max(1, this.#perSecond);
    const known = this.#buckets.get(name) ?? { left: burst, filledAt: now };
    const left = Math.min(burst, known.left + ((now - known.filledAt) / 1000) * this.#perSecond);
    const granted = left >= Math.min(amount, burst);
    this.#remember(name, { left: granted ? left - amount : left, filledAt: now });
    return granted;
  }

  #remember(name: string, bucket: Bucket): void {
    this.#buckets.delete(name); // a Map keeps the order of insertion: the first is the one that was quiet longest
    this.#buckets.set(name, bucket);
    const quietest = this.#buckets.keys().next().value;
    if (this.#buckets.size > maxNames && quietest !== undefined) this.#buckets.delete(quietest);
  }
}
