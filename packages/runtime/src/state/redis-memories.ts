/** {@link MemoryStore} in Redis: a hash of values and a list of notes for each user. */
import type { Clock } from "@lmos/primitives";
import { z } from "zod";
import { parseJson } from "./conversation-codec.ts";
import { readAuditEntry, readMemory, writeMemory } from "./memory-codec.ts";
import {
  auditKeptMs,
  deleteNote,
  type MemoryAuditEntry,
  type MemoryPlace,
  type MemoryStore,
  maxAuditEntries,
  type PlacedMemory,
  writeNote,
} from "./memory-store.ts";
import type { Redis } from "./redis-connection.ts";
import { readExpiring, readPairs, writeExpiring } from "./redis-text.ts";

const noteOf = `
  local function note(key, text)
    redis.call('RPUSH', key, text)
    redis.call('LTRIM', key, -${maxAuditEntries}, -1)
    redis.call('PEXPIRE', key, ${auditKeptMs})
  end
`;

/** Keys: hash, notes. The rest: field, value, note, now, time to live, how many values there may be. */
const write = `${noteOf}
  local max = tonumber(ARGV[6])
  if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= max then
    local all = redis.call('HGETALL', KEYS[1])
    for i = 1, #all, 2 do
      if tonumber(string.match(all[i + 1], '^%d+')) <= tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], all[i]) end
    end
    if redis.call('HLEN', KEYS[1]) >= max then return 0 end
  end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[5]) then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
  note(KEYS[2], ARGV[3])
  return 1
`;

/** Keys: hash, notes. The rest: field, note, now. */
const remove = `${noteOf}
  local value = redis.call('HGET', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[1], ARGV[1])
  if not value or tonumber(string.match(value, '^%d+')) <= tonumber(ARGV[3]) then return 0 end
  note(KEYS[2], ARGV[2])
  return 1
`;

/** Keys: hash, notes. The rest: note, now. */
const erase = `${noteOf}
  local erased = 0
  for _, value in ipairs(redis.call('HVALS', KEYS[1])) do
    if tonumber(string.match(value, '^%d+')) > tonumber(ARGV[2]) then erased = erased + 1 end
  end
  redis.call('DEL', KEYS[1])
  note(KEYS[2], ARGV[1])
  return erased
`;

const fieldSchema = z.tuple([z.string().nullable(), z.string(), z.string()]);
const repliesSchema = z.array(z.string());

/** Memories behind a connection, which its owner closes. */
export function createRedisMemories({
  redis,
  clock,
}: {
  readonly redis: Redis;
  readonly clock: Clock;
}): MemoryStore {
  const listUser = async (user: string): Promise<readonly PlacedMemory[]> => {
    const pairs = readPairs(await redis.command("HGETALL", memoryKey(user)));
    const entries = pairs.flatMap(([field, value]) => readPlaced(user, field, { value, now: clock.now() }));
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  };
  const evaluate = (script: string, user: string, ...words: readonly string[]): Promise<unknown> =>
    redis.command("EVAL", script, "2", memoryKey(user), auditKey(user), ...words);
  const text = (entry: MemoryAuditEntry): string => JSON.stringify(entry);
  return {
    read: async (place) => {
      const value = await redis.command("HGET", memoryKey(place.user), fieldOf(place));
      const found = readExpiring(value, clock.now());
      return found === undefined ? undefined : readMemory(found.text, found.expiresAt);
    },
    list: async ({ user, conversation, visibility }) =>
      (await listUser(user)).filter(
        (each) => each.conversation === conversation && each.visibility === visibility,
      ),
    listUser,
    write: async (place, entry, { maxEntries }) => {
      const now = clock.now();
      const value = writeExpiring(writeMemory(entry), entry.expiresAt);
      const numbers = [now, Math.max(1, entry.expiresAt - now), maxEntries].map((each) =>
        String(Math.ceil(each)),
      );
      const words = [fieldOf(place), value, text(writeNote(place, entry)), ...numbers];
      return Number(await evaluate(write, place.user, ...words)) === 1 ? "written" : "full";
    },
    remove: async (place, by) => {
      const words = [fieldOf(place), text(deleteNote(place, by)), String(Math.ceil(clock.now()))];
      return Number(await evaluate(remove, place.user, ...words)) === 1;
    },
    eraseUser: async (user, done) => {
      const words = [text({ action: "erase", ...done }), String(Math.floor(clock.now()))];
      return Number(await evaluate(erase, user, ...words));
    },
    audit: async (user) =>
      repliesSchema.parse(await redis.command("LRANGE", auditKey(user), "0", "-1")).flatMap(readAuditEntry),
    [Symbol.dispose]: () => undefined,
  };
}

function readPlaced(
  user: string,
  field: string,
  { value, now }: { readonly value: unknown; readonly now: number },
): readonly PlacedMemory[] {
  const place = fieldSchema.safeParse(parseJson(field));
  const found = readExpiring(value, now);
  const entry = found && readMemory(found.text, found.expiresAt);
  if (!place.success || entry === undefined) return [];
  const [conversation, visibility, name] = place.data;
  return [{ user, conversation: conversation ?? undefined, visibility, name, ...entry }];
}

function fieldOf({ conversation, visibility, name }: MemoryPlace): string {
  return JSON.stringify([conversation ?? null, visibility, name]);
}

function memoryKey(user: string): string {
  return `lmos:memory:${user}`;
}

function auditKey(user: string): string {
  return `lmos:memory-audit:${user}`;
}
