/** Memories as the doors write them. */
import type { MemoryEntry, PlacedMemory } from "../state/memory-store.ts";

/** A value under its name, for an agent. */
export function memoryDocument(key: string, { value, written, expiresAt }: MemoryEntry): unknown {
  const { at, ...by } = written;
  return { key, value, writtenBy: { ...by, at: timeText(at) }, expiresAt: timeText(expiresAt) };
}

/** The same for the user, who sees where it is too. */
export function placedDocument(memory: PlacedMemory): unknown {
  const { conversation, visibility, name } = memory;
  const document = memoryDocument(name, memory);
  return { term: conversation === undefined ? "long" : "short", visibility, ...Object(document) };
}

/** Milliseconds since the Unix epoch as RFC 3339. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
