/**
 * The last messages of recent conversations, in memory and bounded in every direction: conversations, messages each,
 * characters each. The one that was used longest ago is forgotten first.
 */

/** Who proved to be the user. */
export interface ConversationOwner {
  readonly issuer: string;
  readonly subject: string;
}

/** Whose conversation. */
export interface ConversationKey {
  /** Nobody, where users don't have to prove who they are. */
  readonly owner?: ConversationOwner | undefined;
  readonly tenant: string;
  readonly channel: string;
  readonly conversationId: string;
}

/** A message that was said. */
export interface RememberedMessage {
  readonly role: "user" | "assistant";
  /** Cut at {@link maxRememberedLength} characters. */
  readonly content: string;
}

/** What is remembered of a conversation. */
export interface RememberedConversation {
  /** The subset that its first turn was served by. */
  readonly subset: string;
  /** Oldest first. */
  readonly messages: readonly RememberedMessage[];
}

/** Remembers conversations. */
export interface ConversationMemory {
  find(key: ConversationKey): RememberedConversation | undefined;
  /** Adds messages; `subset` counts for a conversation that is new. */
  append(key: ConversationKey, subset: string, messages: readonly RememberedMessage[]): void;
  /** Takes over what is known elsewhere. */
  replace(key: ConversationKey, conversation: RememberedConversation): void;
  readonly size: number;
}

/** Messages of one conversation. */
export const maxRememberedMessages = 20;
/** Characters of one message. */
export const maxRememberedLength = 1000;

/** A memory of at most that many conversations. */
export function createConversationMemory(maxConversations: number): ConversationMemory {
  const conversations = new Map<string, RememberedConversation>();
  const replace = (text: string, conversation: RememberedConversation): void => {
    conversations.delete(text); // a Map keeps the order of insertion: the first key is the oldest
    conversations.set(text, conversation);
    const oldest = conversations.keys().next().value;
    if (conversations.size > maxConversations && oldest !== undefined) conversations.delete(oldest);
  };
  return {
    find: (key) => conversations.get(keyText(key)),
    append: (key, subset, messages) => {
      const text = keyText(key);
      replace(text, extend(conversations.get(text) ?? { subset, messages: [] }, messages));
    },
    replace: (key, conversation) => replace(keyText(key), conversation),
    get size() {
      return conversations.size;
    },
  };
}

function extend(
  known: RememberedConversation,
  messages: readonly RememberedMessage[],
): RememberedConversation {
  const added = messages.map(({ role, content }) => ({
    role,
    content: content.slice(0, maxRememberedLength),
  }));
  return { subset: known.subset, messages: [...known.messages, ...added].slice(-maxRememberedMessages) };
}

function keyText({ owner, tenant, channel, conversationId }: ConversationKey): string {
  return JSON.stringify([owner?.issuer ?? null, owner?.subject ?? null, tenant, channel, conversationId]);
}
