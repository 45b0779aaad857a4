/** Memories and their audit as text, the same in all stores that keep text. */
import { z } from "zod";
import { parseJson } from "./conversation-codec.ts";
import { jsonSchema } from "./json-schema.ts";
import type { MemoryAuditEntry, MemoryEntry } from "./memory-store.ts";

const entrySchema = z.object({
  value: jsonSchema,
  written: z.object({
    agent: z.string(),
    capability: z.string().optional(),
    turnId: z.string(),
    at: z.number(),
  }),
});

const auditSchema = z.object({
  action: z.enum(["write", "delete", "erase"]),
  by: z.string(),
  turnId: z.string().optional(),
  visibility: z.string().optional(),
  name: z.string().optional(),
  at: z.number(),
});

/** A value and its provenance as JSON; when it expires is kept beside it. */
export function writeMemory({ value, written }: MemoryEntry): string {
  return JSON.stringify({ value, written });
}

/** Reads it; undefined when the text is none. */
export function readMemory(text: string, expiresAt: number): MemoryEntry | undefined {
  const read = entrySchema.safeParse(parseJson(text));
  return read.success ? { ...read.data, expiresAt } : undefined;
}

/** Reads an entry of the audit, as a list of none or one. */
export function readAuditEntry(text: string): readonly MemoryAuditEntry[] {
  const read = auditSchema.safeParse(parseJson(text));
  return read.success ? [read.data] : [];
}
