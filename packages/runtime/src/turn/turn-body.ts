/**
 * The body of a message as the Kotlin runtime takes it: numbers and truth values are read as text, unknown fields are
 * ignored, null is accepted only where it always was. Bounds on counts and lengths are ours.
 */
import { z } from "zod";
import { wireText } from "../wire-text.ts";

/** Messages of one turn. */
export const maxMessages = 200;
/** Characters of one message. */
export const maxMessageLength = 64 * 1024;
const maxNameLength = 253;
const maxEntries = 1000;

const text = (maxLength = maxMessageLength): z.ZodType<string> => wireText(maxLength);

const entriesSchema = z
  .array(z.object({ key: text(), value: text() }))
  .max(maxEntries)
  .default([]);

const binaryDataSchema = z.object({
  mimeType: text(maxNameLength),
  dataAsBase64: text(Number.MAX_SAFE_INTEGER).nullish(),
  source: text().nullish(),
});

const messageSchema = z.object({
  role: z.enum(["user", "assistant"]),
  content: text(),
  format: text(maxNameLength).default("text"),
  turnId: text(maxNameLength).nullish(),
  binaryData: z.array(binaryDataSchema).max(maxEntries).nullish(),
});

/** A personal datum that was replaced in the messages, and by what. */
export const anonymizationEntitySchema = z.object({ type: text(), value: text(), replacement: text() });

/** Reads the body of a message. */
export const turnBodySchema = z.object({
  inputContext: z.object({
    messages: z.array(messageSchema).max(maxMessages),
    explicitAgent: text(maxNameLength).nullish(),
    anonymizationEntities: z.array(anonymizationEntitySchema).max(maxEntries).nullish(),
  }),
  systemContext: z.object({ channelId: text(maxNameLength), contextParams: entriesSchema }),
  userContext: z.object({
    userId: text(),
    userToken: text().nullish(),
    contextParams: entriesSchema,
  }),
});
/** The body of a message, read. */
export type TurnBody = z.infer<typeof turnBodySchema>;
