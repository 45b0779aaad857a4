/** {@link ConversationStore} in this process alone: the adapter for tests and for a runtime that need not remember. */
import type { Clock } from "@lmos/primitives";
import type { RememberedConversation } from "../conversation/conversation-memory.ts";
import type { ConversationStore, KeptFor } from "./conversation-store.ts";

interface Kept extends KeptFor {
  readonly conversation: RememberedConversation;
}

/** A store that is empty at the start and gone in the end. */
export function createInProcessConversations({ clock }: { readonly clock: Clock }): ConversationStore {
  const kept = new Map<string, Kept>();
  return {
    find: async (key) => {
      const entry = kept.get(key);
      return entry === undefined || entry.expiresAt <= clock.now() ? undefined : entry.conversation;
    },
    put: async (key, conversation, keptFor) => {
      kept.set(key, { conversation, ...keptFor });
    },
    eraseUser: async (user) => {
      const erased = [...kept].filter(([, entry]) => entry.user === user);
      for (const [key] of erased) kept.delete(key);
      return erased.filter(([, { expiresAt }]) => expiresAt > clock.now()).length;
    },
    [Symbol.dispose]: () => kept.clear(),
  };
}
