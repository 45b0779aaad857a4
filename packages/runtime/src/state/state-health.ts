/**
 * Whether what keeps conversations and memories answers. Whoever uses it goes on without it; here it is counted and told,
 * once when it goes away and once when it is back, however many turns there are meanwhile.
 */
import { faultFields, type Logger } from "@lmos/primitives";

/** What was wanted of a store. */
export type StateOperation = "read" | "write" | "erase";

/** How it went. */
export type Attempt<T> = { readonly kind: "done"; readonly value: T } | { readonly kind: "failed" };

/** Watches over the use of stores. */
export class StateHealth {
  readonly #logger: Logger;
  readonly #failures: Record<StateOperation, number> = { read: 0, write: 0, erase: 0 };
  #up = true;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether the last use of a store went well. */
  get up(): boolean {
    return this.#up;
  }

  /** Uses that failed since the start. */
  get failures(): Readonly<Record<StateOperation, number>> {
    return this.#failures;
  }

  /** Uses a store. Never rejects. */
  async attempt<T>(operation: StateOperation, use: () => Promise<T>): Promise<Attempt<T>> {
    try {
      const value = await use();
      if (!this.#up) this.#logger.info("Conversations and memories are kept again");
      this.#up = true;
      return { kind: "done", value };
    } catch (error) {
      this.#failures[operation] += 1;
      if (this.#up) {
        const message = "Conversations and memories cannot be kept, turns go on without them";
        this.#logger.warn(message, { operation, ...faultFields(error) });
      }
      this.#up = false;
      return { kind: "failed" };
    }
  }
}
