/**
 * The port for what agents remember: values under names, for a conversation or for a user, each with who wrote it and
 * until when it counts. Who may see a value is part of its place, so no reader can forget to ask.
 */
import type { JsonValue } from "@lmos/primitives";

/** Where a value is. */
export interface MemoryPlace {
  /** Whose memory: a hashed key of a conversation or of a user, within its tenant. */
  readonly holder: string;
  /** Who sees it: `tenant`, `channel/web`, `agent/billing-agent`. */
  readonly visibility: string;
  readonly name: string;
}

/** A value that is remembered. */
export interface MemoryEntry {
  readonly value: JsonValue;
  /** The agent that wrote it. */
  readonly writtenBy: string;
  /** Milliseconds since the Unix epoch. */
  readonly writtenAt: number;
  /** From then on it is forgotten; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** A value and its name. */
export interface NamedMemoryEntry extends MemoryEntry {
  readonly name: string;
}

/** Who wrote or erased what, without the value. */
export interface MemoryAuditEntry extends Pick<MemoryPlace, "visibility" | "name"> {
  readonly action: "write" | "erase";
  readonly by: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** Keeps memories. */
export interface MemoryStore extends Disposable {
  read(place: MemoryPlace): Promise<MemoryEntry | undefined>;
  /** All that is visible there, by name. */
  list(place: Omit<MemoryPlace, "name">): Promise<readonly NamedMemoryEntry[]>;
  write(place: MemoryPlace, entry: MemoryEntry): Promise<void>;
  /** Forgets all that is remembered for a holder; who asked for it stays in the audit. */
  erase(holder: string, options: { readonly by: string }): Promise<void>;
  /** What was done to a holder's memory, oldest first. */
  audit(holder: string): Promise<readonly MemoryAuditEntry[]>;
}
