/** What an agent gets to see of a turn. Never the user's token: agents act for the channel, not as the user. */
import {
  type AgentRequest,
  askContextKey,
  type ContextEntry,
  explainContextKey,
  memoryContextKey,
  notesContextKey,
  streamingContextKey,
  tokenContextKey,
  traceEntries,
  traceparentHeader,
  tracestateHeader,
} from "@lmos/protocol";
import type { Turn } from "./turn.ts";

/** Keys that only the runtime may set. */
const tenantKey = "tenantId";
const channelKey = "channelId";
const reservedKeys: ReadonlySet<string> = new Set([
  tenantKey,
  channelKey,
  streamingContextKey,
  notesContextKey,
  traceparentHeader,
  tracestateHeader,
  askContextKey,
  memoryContextKey,
  explainContextKey,
  tokenContextKey,
]);

/** The request to an agent. */
export function toAgentRequest(turn: Turn): AgentRequest {
  return {
    messages: turn.messages,
    conversationContext: {
      conversationId: turn.conversationId,
      turnId: turn.turnId,
      anonymizationEntities: turn.anonymizationEntities,
    },
    systemContext: [...turn.contextParams.filter(({ key }) => !reservedKeys.has(key)), ...ownEntries(turn)],
    userContext: { userId: turn.userId, profile: turn.profile },
  };
}

function ownEntries(turn: Turn): readonly ContextEntry[] {
  const identity = [
    { key: tenantKey, value: turn.tenant },
    { key: channelKey, value: turn.channel },
    ...traceEntries(turn.correlation),
  ];
  if (!turn.streaming) return identity;
  return [...identity, { key: streamingContextKey, value: "true" }, { key: notesContextKey, value: "true" }];
}
