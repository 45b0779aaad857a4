/**
 * Under which key a conversation is kept: a keyed hash over who it belongs to and what the client calls it. Nobody finds
 * another one's conversation by its id, and a store holds no names.
 */
import { createHmac } from "node:crypto";
import type { ConversationKey } from "../conversation/conversation-memory.ts";

/** Makes keys; equal parts give equal keys for the same secret only. */
export interface ConversationKeys {
  keyOf(conversation: ConversationKey): string;
}

/** Keys under a secret, which has to be the same for all runtimes that share a store. */
export function createConversationKeys(secret: string): ConversationKeys {
  return {
    keyOf: ({ owner, tenant, channel, conversationId }) => {
      // As JSON, so that no two lists of parts give the same text.
      const parts = [owner?.issuer ?? null, owner?.subject ?? null, tenant, channel, conversationId];
      return createHmac("sha256", secret).update(JSON.stringify(parts)).digest("base64url");
    },
  };
}
