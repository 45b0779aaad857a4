/** All that is kept for a user: seen by the user and by operators, and erased at once. */
import type { Clock, Logger } from "@lmos/primitives";
import type { Conversations } from "../conversation/stored-conversations.ts";
import type { StateKeys, UserName } from "../identity/state-keys.ts";
import { loggable } from "../loggable.ts";
import type { MemoryAuditEntry, MemoryStore, PlacedMemory } from "../state/memory-store.ts";
import type { Attempt, StateHealth } from "../state/state-health.ts";

/** What was erased. */
export interface ErasureReport {
  readonly conversations: number;
  readonly memories: number;
}

/** Where it is kept. */
export interface UserStateOptions {
  readonly conversations: Pick<Conversations, "eraseUser">;
  readonly store: MemoryStore;
  readonly keys: StateKeys;
  readonly health: StateHealth;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is kept for users. Never rejects. */
export class UserState {
  readonly #options: UserStateOptions;

  constructor(options: UserStateOptions) {
    this.#options = options;
  }

  /** All that agents remember of the user and its conversations. */
  memories(user: UserName): Promise<Attempt<readonly PlacedMemory[]>> {
    return this.#ofUser(user, (key) => this.#options.store.listUser(key));
  }

  /** Which agent wrote and deleted what, and when it was all erased. */
  audit(user: UserName): Promise<Attempt<readonly MemoryAuditEntry[]>> {
    return this.#ofUser(user, (key) => this.#options.store.audit(key));
  }

  /** Erases conversations and memories; what a turn writes that runs meanwhile may stay. */
  async erase(user: UserName, by: "user" | "operator"): Promise<Attempt<ErasureReport>> {
    const { conversations, store, keys, health, clock, logger } = this.#options;
    const key = keys.user(user);
    const said = await conversations.eraseUser(user);
    const remembered = await health.attempt("erase", async () =>
      key === undefined ? 0 : await store.eraseUser(key, { by, at: clock.now() }),
    );
    if (said.kind === "failed" || remembered.kind === "failed") return { kind: "failed" };
    const report = { conversations: said.value, memories: remembered.value };
    logger.info("A user was erased", { tenant: loggable(user.tenant), by, ...report });
    return { kind: "done", value: report };
  }

  async #ofUser<T>(
    user: UserName,
    read: (key: string) => Promise<readonly T[]>,
  ): Promise<Attempt<readonly T[]>> {
    const { keys, health } = this.#options;
    const key = keys.user(user);
    return health.attempt("read", async () => (key === undefined ? [] : await read(key)));
  }
}
