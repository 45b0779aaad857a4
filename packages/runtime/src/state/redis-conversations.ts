/** {@link ConversationStore} in Redis: conversations go on at any runtime that shares it. */
import type { Clock } from "@lmos/primitives";
import { readConversation, writeConversation } from "./conversation-codec.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Redis } from "./redis-connection.ts";
import { readExpiring, writeExpiring } from "./redis-text.ts";

/** Keys: the conversation; the user's index of them. The rest: text, time to live, now, expiry, the conversation's key. */
const put = `
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[3])
  redis.call('ZADD', KEYS[2], ARGV[4], KEYS[1])
  if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
`;

/** Keys: the user's index. The rest: now. */
const eraseUser = `
  local erased = 0
  local index = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
  for i = 1, #index, 2 do
    local found = redis.call('DEL', index[i])
    if tonumber(index[i + 1]) > tonumber(ARGV[1]) then erased = erased + found end
  end
  redis.call('DEL', KEYS[1])
  return erased
`;

/** Conversations behind a connection, which its owner closes. */
export function createRedisConversations({
  redis,
  clock,
}: {
  readonly redis: Redis;
  readonly clock: Clock;
}): ConversationStore {
  return {
    find: async (key) => {
      const found = readExpiring(await redis.command("GET", conversationKey(key)), clock.now());
      return found === undefined ? undefined : readConversation(found.text);
    },
    put: async (key, conversation, { user, expiresAt }) => {
      const now = clock.now();
      const text = writeExpiring(writeConversation(conversation), expiresAt);
      // As a time to live: the clocks of both machines need not agree.
      const times = [expiresAt - now, now, expiresAt].map((ms) => String(Math.max(1, Math.ceil(ms))));
      await redis.command("EVAL", put, "2", conversationKey(key), indexKey(user), text, ...times);
    },
    eraseUser: async (user) => {
      const now = String(Math.floor(clock.now()));
      return Number(await redis.command("EVAL", eraseUser, "1", indexKey(user), now));
    },
    [Symbol.dispose]: () => undefined,
  };
}

function conversationKey(key: string): string {
  return `lmos:conversation:${key}`;
}

function indexKey(user: string): string {
  return `lmos:conversations-of:${user}`;
}
