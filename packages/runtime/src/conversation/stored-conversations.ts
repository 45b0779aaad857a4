/**
 * The memory of conversations with a store behind it: read before a turn, because another runtime may have answered the
 * last one; written before the turn ends, because the next one may come to another runtime. What the store says counts:
 * a conversation that it has forgotten was erased. While the store is away, what this process remembers counts, and after
 * that as well, for conversations that the store still has from before and nobody has gone on with.
 */
import type { Clock } from "@lmos/primitives";
import type { StateKeys, UserName } from "../identity/state-keys.ts";
import type { ConversationStore } from "../state/conversation-store.ts";
import type { Attempt, StateHealth } from "../state/state-health.ts";
import {
  type ConversationKey,
  type ConversationMemory,
  createConversationMemory,
  type RememberedConversation,
} from "./conversation-memory.ts";

/** A memory that may have a store behind it. */
export interface Conversations extends Omit<ConversationMemory, "forget" | "replace"> {
  /** Reads what is kept of a conversation. Never rejects. */
  refresh(key: ConversationKey): Promise<void>;
  /** Keeps what is remembered of a conversation. Never rejects. */
  save(key: ConversationKey): Promise<void>;
  /** Forgets all conversations of a user, here and in the store; how many there were. Never rejects. */
  eraseUser(user: UserName): Promise<Attempt<number>>;
}

/** Where conversations are kept. */
export interface ConversationPersistence {
  readonly store: ConversationStore;
  readonly keys: StateKeys;
  readonly health: StateHealth;
  readonly clock: Clock;
}

/** Milliseconds for which a conversation is kept after its last turn: thirty days. */
const keptMs = 30 * 24 * 3600 * 1000;

/** Conversations in this process, at most `max`, and behind them those that are kept elsewhere. */
export function createConversations(
  max: number,
  persistence: ConversationPersistence | undefined,
): Conversations {
  const memory = createConversationMemory(max);
  const persist = persistence === undefined ? memoryAlone(memory) : createPersist(memory, persistence);
  return {
    ...persist,
    find: memory.find,
    append: memory.append,
    get size() {
      return memory.size;
    },
  };
}

type Persist = Pick<Conversations, "refresh" | "save" | "eraseUser">;

function memoryAlone(memory: ConversationMemory): Persist {
  const nothing = async (): Promise<void> => undefined;
  return {
    refresh: nothing,
    save: nothing,
    eraseUser: async (user) => ({ kind: "done", value: memory.forget((key) => isOf(user, key)) }),
  };
}

function createPersist(
  memory: ConversationMemory,
  { store, keys, health, clock }: ConversationPersistence,
): Persist {
  const unsaved = new UnsavedConversations();
  return {
    refresh: async (key) => {
      const stored = keys.conversation(key);
      const kept = await health.attempt("read", () => store.find(stored));
      if (kept.kind === "failed") return;
      if (!unsaved.has(stored) || !isLater(memory.find(key), kept.value)) memory.replace(key, kept.value);
    },
    save: async (key) => {
      const remembered = memory.find(key);
      if (remembered === undefined) return;
      const stored = keys.conversation(key);
      const keptFor = { user: keys.keeper(key), expiresAt: clock.now() + keptMs };
      const saved = await health.attempt("write", () => store.put(stored, remembered, keptFor));
      if (saved.kind === "done") unsaved.delete(stored);
      else unsaved.add(stored);
    },
    eraseUser: async (user) => {
      memory.forget((key) => isOf(user, key));
      const userKey = keys.user(user);
      return health.attempt("erase", async () =>
        userKey === undefined ? 0 : await store.eraseUser(userKey),
      );
    },
  };
}

/** Whether messages were said here that the store does not know. One that it has no more was erased. */
function isLater(
  here: RememberedConversation | undefined,
  there: RememberedConversation | undefined,
): boolean {
  return here !== undefined && there !== undefined && (here.at ?? 0) > (there.at ?? 0);
}

/** Conversations that are remembered by one process whose store was away. */
const maxUnsaved = 10_000;

/** Keys of conversations that could not be kept, the latest of them. */
class UnsavedConversations {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
    const oldest = this.#keys.values().next().value;
    if (this.#keys.size > maxUnsaved && oldest !== undefined) this.#keys.delete(oldest);
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }
}

function isOf({ owner, tenant, userId }: UserName, key: ConversationKey): boolean {
  if (key.tenant !== tenant) return false;
  if (owner === undefined) return key.owner === undefined && key.userId === userId;
  return key.owner?.issuer === owner.issuer && key.owner.subject === owner.subject;
}
