/** What may be remembered, where and for how long: bounds of keys, values and times, and how places are called. */
import { isRecord } from "@lmos/primitives";
import { z } from "zod";
import { jsonSchema } from "../state/json-schema.ts";

/** `short`: for a conversation. `long`: for a user, in all conversations. */
export const termSchema = z.enum(["short", "long"]);
/** Who sees a value beside the agent that wrote it: nobody, the agents of the channel, those of the tenant. */
export const scopeSchema = z.enum(["agent", "channel", "tenant"]);
/** How long a value is remembered. */
export type MemoryTerm = z.infer<typeof termSchema>;
/** Who sees a value. */
export type MemoryScope = z.infer<typeof scopeSchema>;

/** Values of one user, those of its conversations included. */
export const maxEntries = 500;
/** Characters of a value as JSON. */
export const maxValueLength = 8 * 1024;
/** Lists and objects within one another. */
export const maxValueDepth = 16;

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;
/** Seconds for which a value is remembered unless the agent says so, and at most. */
export const ttlSeconds: Readonly<Record<MemoryTerm, { readonly usual: number; readonly most: number }>> = {
  short: { usual: 6 * hourSeconds, most: 30 * daySeconds },
  long: { usual: 180 * daySeconds, most: 180 * daySeconds },
};

/** The name of a value. */
export const keySchema = z.string().regex(/^[A-Za-z0-9][\w.-]{0,127}$/, {
  error: "take letters, digits, and . _ - after the first one; 128 characters at most",
});

/** Where a value is, as an address says it. */
export const placeSchema = z.object({ term: termSchema, scope: scopeSchema, key: keySchema });

/** What is to be remembered. */
export const memoryBodySchema = z
  .object({
    value: jsonSchema.refine((value) => JSON.stringify(value).length <= maxValueLength, {
      error: `a value has ${maxValueLength} characters of JSON at most`,
    }),
    ttlSeconds: z.number().int().min(1).max(ttlSeconds.long.most).optional(),
  })
  .strict();

/** Reads what is to be remembered; a value that is nested too deeply is not even looked at. */
export function parseMemoryBody(body: unknown): ReturnType<typeof memoryBodySchema.safeParse> | undefined {
  return isRecord(body) && depthExceeds(body["value"], maxValueDepth)
    ? undefined
    : memoryBodySchema.safeParse(body);
}

/** Whether lists and objects are nested more than that. */
export function depthExceeds(value: unknown, max: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return max === 0 || Object.values(value).some((each) => depthExceeds(each, max - 1));
}
