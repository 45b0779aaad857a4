export { RuntimeError, type RuntimeErrorCode } from "./errors.ts";
export type { ListenAddress } from "./http/server.ts";
export { defaultLimits, type RuntimeLimits } from "./limits.ts";
export type { RoutingOrigin } from "./routing/feed.ts";
export { type KeptConversations, type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";
export type { ConversationStore } from "./state/conversation-store.ts";
export type {
  MemoryAuditEntry,
  MemoryEntry,
  MemoryPlace,
  MemoryStore,
  NamedMemoryEntry,
} from "./state/memory-store.ts";
export { openSqliteConversations } from "./state/sqlite-conversations.ts";
export { openSqliteMemories } from "./state/sqlite-memories.ts";
