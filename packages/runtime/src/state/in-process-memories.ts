/** {@link MemoryStore} in this process alone, bounded: the user that was written for longest ago is forgotten first. */
import type { Clock } from "@lmos/primitives";
import {
  deleteNote,
  type MemoryAuditEntry,
  type MemoryPlace,
  type MemoryStore,
  maxAuditEntries,
  type PlacedMemory,
  writeNote,
} from "./memory-store.ts";

interface User {
  /** By place. */
  readonly entries: Map<string, PlacedMemory>;
  readonly audit: MemoryAuditEntry[];
}

/** A store that is empty at the start and gone in the end, for at most `maxUsers` users. */
export function createInProcessMemories({
  clock,
  maxUsers = 10_000,
}: {
  readonly clock: Clock;
  readonly maxUsers?: number;
}): MemoryStore {
  const users = new Map<string, User>();
  const valid = (user: string): readonly PlacedMemory[] => {
    const entries = users.get(user)?.entries;
    for (const [key, { expiresAt }] of entries ?? []) if (expiresAt <= clock.now()) entries?.delete(key);
    return [...(entries?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  };
  const touch = (key: string): User => {
    const user = users.get(key) ?? { entries: new Map(), audit: [] };
    users.delete(key); // a Map keeps the order of insertion: the first is the one that was written for longest ago
    users.set(key, user);
    const oldest = users.keys().next().value;
    if (users.size > maxUsers && oldest !== undefined) users.delete(oldest);
    return user;
  };
  const note = (key: string, entry: MemoryAuditEntry): void => {
    const { audit } = touch(key);
    audit.push(entry);
    if (audit.length > maxAuditEntries) audit.shift();
  };
  const find = (place: MemoryPlace): PlacedMemory | undefined =>
    valid(place.user).find((entry) => placeText(entry) === placeText(place));
  return {
    read: async (place) => {
      const found = find(place);
      return found && { value: found.value, written: found.written, expiresAt: found.expiresAt };
    },
    list: async ({ user, conversation, visibility }) =>
      valid(user).filter((each) => each.conversation === conversation && each.visibility === visibility),
    listUser: async (user) => valid(user),
    write: async (place, entry, { maxEntries }) => {
      if (find(place) === undefined && valid(place.user).length >= maxEntries) return "full";
      touch(place.user).entries.set(placeText(place), { ...place, ...entry });
      note(place.user, writeNote(place, entry));
      return "written";
    },
    remove: async (place, by) => {
      if (find(place) === undefined) return false;
      note(place.user, deleteNote(place, by));
      return users.get(place.user)?.entries.delete(placeText(place)) === true;
    },
    eraseUser: async (user, done) => {
      const { length } = valid(user);
      users.get(user)?.entries.clear();
      note(user, { action: "erase", ...done });
      return length;
    },
    audit: async (user) => [...(users.get(user)?.audit ?? [])],
    [Symbol.dispose]: () => users.clear(),
  };
}

function placeText({ conversation, visibility, name }: MemoryPlace): string {
  return JSON.stringify([conversation ?? null, visibility, name]);
}
