/**
 * The port for what agents remember: values under names, for a conversation or for a user, each with who wrote it and
 * until when it counts. Who may see a value is part of its place, so no reader can forget to ask.
 */
import type { JsonValue } from "@lmos/primitives";

/** Whose memory. */
export interface MemoryHolder {
  /** Key of the user within its tenant, see {@link StateKeys}. */
  readonly user: string;
  /** Key of the conversation for what is remembered for that alone; undefined for what is remembered for the user. */
  readonly conversation: string | undefined;
}

/** Where a value is. */
export interface MemoryPlace extends MemoryHolder {
  /** Who sees it: `tenant`, `channel/web`, `agent/billing-agent`. */
  readonly visibility: string;
  readonly name: string;
}

/** Who wrote a value, and when. */
export interface Provenance {
  readonly agent: string;
  /** What the agent was asked for; undefined where it was asked by its name. */
  readonly capability?: string | undefined;
  readonly turnId: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A value that is remembered. */
export interface MemoryEntry {
  readonly value: JsonValue;
  readonly written: Provenance;
  /** From then on it is forgotten; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** A value and where it is. */
export interface PlacedMemory extends MemoryEntry, MemoryPlace {}

/** Who did what to a memory, without the value. An erasure names no place: it was all of them. */
export interface MemoryAuditEntry {
  readonly action: "write" | "delete" | "erase";
  /** `agent billing-agent`, `user`, `operator`. */
  readonly by: string;
  readonly turnId?: string | undefined;
  readonly visibility?: string | undefined;
  readonly name?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Entries of the audit that are kept for each user; the oldest go first. */
export const maxAuditEntries = 1000;

/** Milliseconds for which they are kept after a user's last one, at least: 400 days. */
export const auditKeptMs: number = 400 * 24 * 3600 * 1000;

/** Keeps memories. What has expired is never given out and does not count. */
export interface MemoryStore extends Disposable {
  read(place: MemoryPlace): Promise<MemoryEntry | undefined>;
  /** All that is visible there, by name. */
  list(at: MemoryHolder & Pick<MemoryPlace, "visibility">): Promise<readonly PlacedMemory[]>;
  /** All that is remembered for a user and its conversations. */
  listUser(user: string): Promise<readonly PlacedMemory[]>;
  /** `full`: the user has as many values already, and this would be a new one. */
  write(
    place: MemoryPlace,
    entry: MemoryEntry,
    limits: { readonly maxEntries: number },
  ): Promise<"written" | "full">;
  /** Forgets one value; false when there was none. */
  remove(place: MemoryPlace, by: Provenance): Promise<boolean>;
  /** Forgets all that is remembered for a user; resolves to how many values. The audit stays and says so. */
  eraseUser(user: string, done: { readonly by: string; readonly at: number }): Promise<number>;
  /** What was done to a user's memory, oldest first. */
  audit(user: string): Promise<readonly MemoryAuditEntry[]>;
}

/** How the audit tells of a written value. */
export function writeNote({ visibility, name }: MemoryPlace, { written }: MemoryEntry): MemoryAuditEntry {
  return { action: "write", ...byAgent(written), visibility, name };
}

/** How the audit tells of a deleted value. */
export function deleteNote({ visibility, name }: MemoryPlace, by: Provenance): MemoryAuditEntry {
  return { action: "delete", ...byAgent(by), visibility, name };
}

function byAgent({ agent, turnId, at }: Provenance): Pick<MemoryAuditEntry, "by" | "turnId" | "at"> {
  return { by: `agent ${agent}`, turnId, at };
}
