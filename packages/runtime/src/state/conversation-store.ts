/** The port behind the memory of conversations: where they outlive this process, or are shared with others. */
import type { RememberedConversation } from "../conversation/conversation-memory.ts";

/** Keeps conversations under the keys of {@link ConversationKeys}. What it keeps is bounded by whoever writes. */
export interface ConversationStore extends Disposable {
  find(key: string): Promise<RememberedConversation | undefined>;
  /** Replaces what was kept; it is forgotten at `expiresAt`, milliseconds since the Unix epoch. */
  put(
    key: string,
    conversation: RememberedConversation,
    options: { readonly expiresAt: number },
  ): Promise<void>;
  /** Forgets one. */
  erase(key: string): Promise<void>;
}
