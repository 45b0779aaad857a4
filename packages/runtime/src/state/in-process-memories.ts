/** {@link MemoryStore} in this process alone. */
import type { Clock } from "@lmos/primitives";
import type { MemoryAuditEntry, MemoryEntry, MemoryStore } from "./memory-store.ts";

interface Holder {
  /** By visibility, then by name. */
  readonly entries: Map<string, Map<string, MemoryEntry>>;
  readonly audit: MemoryAuditEntry[];
}

/** A store that is empty at the start and gone in the end. */
export function createInProcessMemories({ clock }: { readonly clock: Clock }): MemoryStore {
  const holders = new Map<string, Holder>();
  const holderOf = (key: string): Holder => {
    const known = holders.get(key) ?? { entries: new Map(), audit: [] };
    holders.set(key, known);
    return known;
  };
  const counts = (entry: MemoryEntry): boolean => entry.expiresAt > clock.now();
  return {
    read: async ({ holder, visibility, name }) => {
      const entry = holders.get(holder)?.entries.get(visibility)?.get(name);
      return entry !== undefined && counts(entry) ? entry : undefined;
    },
    list: async ({ holder, visibility }) =>
      [...(holders.get(holder)?.entries.get(visibility) ?? [])]
        .filter(([, entry]) => counts(entry))
        .map(([name, entry]) => ({ name, ...entry }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    write: async ({ holder, visibility, name }, entry) => {
      const { entries, audit } = holderOf(holder);
      const seen = entries.get(visibility) ?? new Map<string, MemoryEntry>();
      entries.set(visibility, seen.set(name, entry));
      audit.push({ visibility, name, action: "write", by: entry.writtenBy, at: entry.writtenAt });
    },
    erase: async (holder, { by }) => {
      const { entries, audit } = holderOf(holder);
      entries.clear();
      audit.push({ visibility: "", name: "", action: "erase", by, at: clock.now() });
    },
    audit: async (holder) => [...(holders.get(holder)?.audit ?? [])],
    [Symbol.dispose]: () => holders.clear(),
  };
}
