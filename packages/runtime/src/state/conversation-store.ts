/** The port behind the memory of conversations: where they outlive this process, or are shared with others. */
import type { RememberedConversation } from "../conversation/conversation-memory.ts";

/** Whose conversation it is, and until when it is kept. */
export interface KeptFor {
  /** Key of the user, see {@link StateKeys}: all that is kept for it can be erased at once. */
  readonly user: string;
  /** From then on it is forgotten; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Keeps conversations under the keys of {@link StateKeys}. What it keeps is bounded by whoever writes. */
export interface ConversationStore extends Disposable {
  find(key: string): Promise<RememberedConversation | undefined>;
  /** Replaces what was kept. */
  put(key: string, conversation: RememberedConversation, keptFor: KeptFor): Promise<void>;
  /** Forgets all conversations of a user; resolves to how many there were. */
  eraseUser(user: string): Promise<number>;
}
