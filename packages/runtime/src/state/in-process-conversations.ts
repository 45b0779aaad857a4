/** {@link ConversationStore} in this process alone: the adapter for tests and for a runtime that need not remember. */
import type { Clock } from "@lmos/primitives";
import type { RememberedConversation } from "../conversation/conversation-memory.ts";
import type { ConversationStore } from "./conversation-store.ts";

/** A store that is empty at the start and gone in the end. */
export function createInProcessConversations({ clock }: { readonly clock: Clock }): ConversationStore {
  const kept = new Map<
    string,
    { readonly conversation: RememberedConversation; readonly expiresAt: number }
  >();
  return {
    find: async (key) => {
      const entry = kept.get(key);
      return entry === undefined || entry.expiresAt <= clock.now() ? undefined : entry.conversation;
    },
    put: async (key, conversation, { expiresAt }) => {
      kept.set(key, { conversation, expiresAt });
    },
    erase: async (key) => {
      kept.delete(key);
    },
    [Symbol.dispose]: () => kept.clear(),
  };
}
