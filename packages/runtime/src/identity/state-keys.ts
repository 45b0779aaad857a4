/**
 * Under which keys conversations and memories are kept: keyed hashes over who they belong to and what the client calls
 * them. Nobody finds another one's conversation by its id, and a store holds no names.
 */
import { createHmac } from "node:crypto";
import type { ConversationKey, ConversationOwner } from "../conversation/conversation-memory.ts";
import type { TurnOwner } from "../turn/turn.ts";

/** A user of a tenant. */
export interface UserName {
  /** Who proved to be the user, where users do. */
  readonly owner?: ConversationOwner | undefined;
  readonly tenant: string;
  /** What a client says that the user is called. */
  readonly userId?: string | undefined;
}

/** Makes keys; equal parts give equal keys for the same secret only. */
export interface StateKeys {
  conversation(conversation: ConversationKey): string;
  /** The key of a user; undefined for somebody who has no name, and so no memory beyond a conversation. */
  user(user: UserName): string | undefined;
  /** What a user who has proved to be one is called where it must not be known who that is. */
  pseudonym(user: TurnOwner): string;
  /** The key for all that is kept on behalf of a conversation's user; nobody's conversation stands for itself. */
  keeper(conversation: ConversationKey): string;
}

/** Names that clients give to users whom they don't know. */
const noNames: ReadonlySet<string> = new Set(["", "anonymous"]);

/** Keys under a secret, which has to be the same for all runtimes that share a store. */
export function createStateKeys(secret: string): StateKeys {
  // As JSON, so that no two lists of parts give the same text.
  const hash = (...parts: readonly (string | null)[]): string =>
    createHmac("sha256", secret).update(JSON.stringify(parts)).digest("base64url");
  const conversation = ({ owner, userId, tenant, channel, conversationId }: ConversationKey): string =>
    hash(owner?.issuer ?? null, owner?.subject ?? userId ?? null, tenant, channel, conversationId);
  const user = ({ owner, tenant, userId = "" }: UserName): string | undefined => {
    if (owner !== undefined) return hash("user", owner.issuer, owner.subject, tenant);
    return noNames.has(userId.trim()) ? undefined : hash("user", null, userId, tenant);
  };
  const pseudonym = ({ issuer, subject, tenant }: TurnOwner): string =>
    hash("pseudonym", issuer, subject, tenant);
  return { conversation, user, pseudonym, keeper: (key) => user(key) ?? conversation(key) };
}
