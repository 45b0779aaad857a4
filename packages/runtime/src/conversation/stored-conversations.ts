/**
 * The memory of conversations with a store behind it: read before a turn, because another runtime may have answered the
 * last one; written before the turn ends, because the next one may come to another runtime. While the store is away,
 * what this process remembers counts.
 */
import { type Clock, errorMessage, type Logger } from "@lmos/primitives";
import type { ConversationKeys } from "../identity/conversation-keys.ts";
import type { ConversationStore } from "../state/conversation-store.ts";
import {
  type ConversationKey,
  type ConversationMemory,
  createConversationMemory,
} from "./conversation-memory.ts";

/** A memory that may have a store behind it. */
export interface Conversations extends ConversationMemory {
  /** Reads what is kept of a conversation. Never rejects. */
  refresh(key: ConversationKey): Promise<void>;
  /** Keeps what is remembered of a conversation. Never rejects. */
  save(key: ConversationKey): Promise<void>;
}

/** Where conversations are kept. */
export interface ConversationPersistence {
  readonly store: ConversationStore;
  readonly keys: ConversationKeys;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Milliseconds for which a conversation is kept after its last turn: thirty days. */
const keptMs = 30 * 24 * 3600 * 1000;

/** Conversations in this process, at most `max`, and behind them those that are kept elsewhere. */
export function createConversations(
  max: number,
  persistence: ConversationPersistence | undefined,
): Conversations {
  const memory = createConversationMemory(max);
  const nothing = async (): Promise<void> => undefined;
  const persist =
    persistence === undefined ? { refresh: nothing, save: nothing } : createPersist(memory, persistence);
  return {
    ...persist,
    find: memory.find,
    append: memory.append,
    replace: memory.replace,
    get size() {
      return memory.size;
    },
  };
}

function createPersist(
  memory: ConversationMemory,
  { store, keys, clock, logger }: ConversationPersistence,
): Pick<Conversations, "refresh" | "save"> {
  return {
    refresh: async (key) => {
      try {
        const kept = await store.find(keys.keyOf(key));
        if (kept !== undefined) memory.replace(key, kept);
      } catch (error) {
        logger.warn("A conversation cannot be read from its store", { error: errorMessage(error) });
      }
    },
    save: async (key) => {
      const remembered = memory.find(key);
      if (remembered === undefined) return;
      try {
        await store.put(keys.keyOf(key), remembered, { expiresAt: clock.now() + keptMs });
      } catch (error) {
        logger.warn("A conversation cannot be written to its store", { error: errorMessage(error) });
      }
    },
  };
}
