import type { Clock } from "@lmos/primitives";

/** An amount that was taken, before it was known how much it would be. */
export interface Reservation {
  /** Says how much it was; it may be more than was reserved. */
  settle(amount: number): void;
}

/** Sums up what was taken within the last minute. */
export interface MinuteBudget {
  /** Whether so much more is allowed now; nothing is taken. */
  hasLeft(amount: number): boolean;
  /** Takes so much, where it is allowed now; else undefined. */
  reserve(amount: number): Reservation | undefined;
}

const minuteMs = 60_000;

/** At most so much within any minute; any amount where that is infinite. */
export function createMinuteBudget(perMinute: number, clock: Pick<Clock, "monotonic">): MinuteBudget {
  return perMinute === Number.POSITIVE_INFINITY ? endless : new SlidingMinute(perMinute, clock);
}

const settled: Reservation = { settle: () => undefined };
const endless: MinuteBudget = { hasLeft: () => true, reserve: () => settled };

interface Taken {
  readonly at: number;
  amount: number;
}

class SlidingMinute implements MinuteBudget {
  readonly #perMinute: number;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #taken: Taken[] = [];
  #sum = 0;

  constructor(perMinute: number, clock: Pick<Clock, "monotonic">) {
    this.#perMinute = perMinute;
    this.#clock = clock;
  }

  hasLeft(amount: number): boolean {
    this.#forget();
    return this.#sum + amount <= this.#perMinute;
  }

  reserve(amount: number): Reservation | undefined {
    if (!this.hasLeft(amount)) return undefined;
    const taken: Taken = { at: this.#clock.monotonic(), amount };
    this.#taken.push(taken);
    this.#sum += amount;
    return { settle: (settledAmount) => this.#settle(taken, settledAmount) };
  }

  /** What is older than a minute no longer counts, whatever it was. */
  #settle(taken: Taken, amount: number): void {
    if (this.#taken.includes(taken)) this.#sum += amount - taken.amount;
    taken.amount = amount;
  }

  #forget(): void {
    const now = this.#clock.monotonic();
    for (
      let [first] = this.#taken;
      first !== undefined && now - first.at >= minuteMs;
      [first] = this.#taken
    ) {
      this.#sum -= first.amount;
      this.#taken.shift();
    }
  }
}
