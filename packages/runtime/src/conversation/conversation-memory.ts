/**
 * The last messages of recent conversations, in memory and bounded in every direction: conversations, messages each,
 * characters each. The one that was used longest ago is forgotten first.
 */

import type { Alternative } from "@lmos/router";

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
  /**
   * What the client says that the user is called. Where nobody proves it, two users whose clients count their conversations
   * alike are told apart by it; it keeps nobody out who lies.
   */
  readonly userId?: string | undefined;
}

/** A message that was said. */
export interface RememberedMessage {
  readonly role: "user" | "assistant";
  /** Cut at {@link maxRememberedLength} characters. */
  readonly content: string;
  /** The agent that said it; undefined for the user, and for what the runtime said itself. */
  readonly agent?: string | undefined;
}

/** A question of the runtime that waits for its answer, and what it offers. */
export interface RememberedQuestion {
  readonly text: string;
  readonly choices: readonly Alternative[];
}

/** Which subset serves a conversation, and by whose choice. */
export type ServedBy = Pick<RememberedConversation, "subset" | "rollout">;

/** What is remembered of a conversation. */
export interface RememberedConversation {
  /** The subset that its first turn was served by. */
  readonly subset: string;
  /** Uid of the canary release that chose the subset, if one did. */
  readonly rollout?: string | undefined;
  /** Oldest first. */
  readonly messages: readonly RememberedMessage[];
  /** When the last of them was said, milliseconds since the Unix epoch; undefined where that was not written down. */
  readonly at?: number | undefined;
  /** True when the agent that answered last has said that the conversation is another's now. */
  readonly handedOver?: boolean | undefined;
  /** The last message, where that is a clarifying question. */
  readonly question?: RememberedQuestion | undefined;
}

/** What a turn adds to a conversation, and how it left it. */
export interface AddedMessages extends Pick<RememberedConversation, "messages" | "handedOver" | "question"> {
  readonly at: number;
}

/** Remembers conversations. */
export interface ConversationMemory {
  find(key: ConversationKey): RememberedConversation | undefined;
  /** Adds messages; `servedBy` counts for a conversation that is new, or whose canary release is over or has begun. */
  append(key: ConversationKey, servedBy: ServedBy, added: AddedMessages): void;
  /** Takes over what is known elsewhere; undefined forgets the conversation. */
  replace(key: ConversationKey, conversation: RememberedConversation | undefined): void;
  /** Forgets all conversations whose key is of that user; how many there were. */
  forget(isOfUser: (key: ConversationKey) => boolean): number;
  readonly size: number;
}

/** Messages of one conversation. */
export const maxRememberedMessages = 20;
/** Characters of one message. */
export const maxRememberedLength = 1000;
/** Characters of all messages together. */
export const maxRememberedCharacters: number = 32 * 1024 * 1024;

/** A memory of at most that many conversations and characters; the conversation used last is kept whatever its length. */
export function createConversationMemory(
  maxConversations: number,
  maxCharacters: number = maxRememberedCharacters,
): ConversationMemory {
  const conversations = new Map<string, Remembered>();
  let characters = 0;
  const remove = (text: string): void => {
    characters -= conversations.get(text)?.characters ?? 0;
    conversations.delete(text);
  };
  const replace = (key: ConversationKey, conversation: RememberedConversation | undefined): void => {
    const text = keyText(key);
    remove(text); // a Map keeps the order of insertion: the first key is the oldest
    if (conversation === undefined) return;
    const { owner, tenant, channel, conversationId, userId } = key;
    const own = charactersOf(conversation);
    characters += own;
    conversations.set(text, {
      key: { owner, tenant, channel, conversationId, userId },
      conversation,
      characters: own,
    });
    for (const oldest of conversations.keys()) {
      if (conversations.size <= maxConversations && characters <= maxCharacters) return;
      if (oldest !== text) remove(oldest);
    }
  };
  const find = (key: ConversationKey): RememberedConversation | undefined =>
    conversations.get(keyText(key))?.conversation;
  return {
    find,
    append: (key, servedBy, added) => {
      const known = find(key);
      const kept = known !== undefined && known.rollout === servedBy.rollout ? known : servedBy;
      replace(key, extend(kept, known?.messages ?? [], added));
    },
    replace,
    forget: (isOfUser) => {
      const found = [...conversations.values()].filter(({ key }) => isOfUser(key));
      for (const { key } of found) remove(keyText(key));
      return found.length;
    },
    get size() {
      return conversations.size;
    },
  };
}

interface Remembered {
  readonly key: ConversationKey;
  readonly conversation: RememberedConversation;
  readonly characters: number;
}

function charactersOf({ messages }: RememberedConversation): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0);
}

/** The first characters as a text of their own: a slice would hold on to all of a text that may have millions. */
function cut(content: string): string {
  if (content.length <= maxRememberedLength) return content;
  const copy: unknown = JSON.parse(JSON.stringify(content.slice(0, maxRememberedLength)));
  return String(copy);
}

function extend(
  { subset, rollout }: ServedBy,
  known: readonly RememberedMessage[],
  { messages, at, handedOver, question }: AddedMessages,
): RememberedConversation {
  const added = messages.map((message) => ({
    ...message,
    content: cut(message.content),
  }));
  return {
    subset,
    ...(rollout !== undefined && { rollout }),
    messages: [...known, ...added].slice(-maxRememberedMessages),
    at,
    ...(handedOver === true && { handedOver }),
    ...(question !== undefined && { question }),
  };
}

function keyText({ owner, userId, tenant, channel, conversationId }: ConversationKey): string {
  const subject = owner?.subject ?? userId ?? null;
  return JSON.stringify([owner?.issuer ?? null, subject, tenant, channel, conversationId]);
}
