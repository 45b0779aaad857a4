/**
 * Events of one object that say ever new things for the same reason: ten of them are told one by one, and then all are one
 * event, as with client-go. What is the same to the letter is a series, and never gets here.
 */
import type { Clock } from "@lmos/primitives";

const toldOneByOne = 10;
const windowMs = 10 * 60_000;
const maxGroups = 4_096;
const prefix = "(combined from similar events): ";

interface Group {
  readonly sinceMs: number;
  readonly count: number;
}

/** How many different events there were of each group lately. */
export class SimilarEvents {
  readonly #clock: Clock;
  /** The least recently begun first. */
  readonly #groups = new Map<string, Group>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True where the group had so many within ten minutes that its next ones are told as one. */
  areMany(group: string): boolean {
    return (this.#recent(group)?.count ?? 0) >= toldOneByOne;
  }

  /** One more of that group is told. */
  add(group: string): void {
    const { sinceMs, count } = this.#recent(group) ?? { sinceMs: this.#clock.monotonic(), count: 0 };
    this.#groups.delete(group);
    this.#groups.set(group, { sinceMs, count: count + 1 });
    const [oldest] = this.#groups.keys();
    if (this.#groups.size > maxGroups && oldest !== undefined) this.#groups.delete(oldest);
  }

  #recent(group: string): Group | undefined {
    const known = this.#groups.get(group);
    return known !== undefined && this.#clock.monotonic() - known.sinceMs < windowMs ? known : undefined;
  }
}

/** The note of the event that stands for all of a group. */
export function combinedNote(note: string): string {
  return `${prefix}${note}`;
}
