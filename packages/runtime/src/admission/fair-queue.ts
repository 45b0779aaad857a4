/**
 * Turns that wait for a place: tenants take their turns round and round, whatever each of them sends. Of one tenant the
 * newest is served first: under overload, who has waited longest is the likeliest to be gone.
 */

/** Somebody who waits. */
export interface Waiting {
  readonly tenant: string;
  /** It is its turn. */
  admit(): void;
  /** It had to make room. */
  refuse(): void;
}

/** Waits in order, bounded. */
export class FairQueue {
  readonly #max: number;
  /** In the order in which tenants are served next. */
  readonly #tenants = new Map<string, Waiting[]>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one. When there is no room, the tenant with the most loses its oldest: that may be this one. */
  add(waiting: Waiting): void {
    const others = this.#tenants.get(waiting.tenant);
    if (others === undefined) this.#tenants.set(waiting.tenant, [waiting]);
    else others.push(waiting);
    this.#size += 1;
    if (this.#size > this.#max) this.#dropOldestOf(this.#longest());
  }

  /** Serves the next one; false when nobody waits. */
  admitNext(): boolean {
    const first = this.#tenants.entries().next().value;
    if (first === undefined) return false;
    const [tenant, waiting] = first;
    const next = waiting.pop();
    this.#tenants.delete(tenant);
    if (waiting.length > 0) this.#tenants.set(tenant, waiting); // behind the others
    this.#size -= 1;
    next?.admit();
    return true;
  }

  /** Takes one out that waits no longer. */
  remove(waiting: Waiting): void {
    const others = this.#tenants.get(waiting.tenant);
    const index = others?.indexOf(waiting) ?? -1;
    if (others === undefined || index < 0) return;
    others.splice(index, 1);
    this.#size -= 1;
    if (others.length === 0) this.#tenants.delete(waiting.tenant);
  }

  #longest(): readonly Waiting[] {
    return [...this.#tenants.values()].reduce((longest, next) =>
      next.length > longest.length ? next : longest,
    );
  }

  #dropOldestOf([oldest]: readonly Waiting[]): void {
    if (oldest === undefined) return;
    this.remove(oldest);
    oldest.refuse();
  }
}
