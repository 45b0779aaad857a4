// One turn as a caller asks it of an agent: the `request` variable of ARC's subscription. Reading is lenient
// (nulls and the fields that have defaults may be missing); writing spells out every field, nulls included,
// because ARC's schema has no defaults and its Java decoder wants each key.
import { z } from "zod";
import { streamingContextKey } from "./well-known.ts";

/** Who said a message. ARC refuses any other role. */
export type MessageRole = "user" | "assistant";

/** A file or stream that belongs to a message. */
export interface BinaryData {
  readonly mimeType: string;
  readonly dataAsBase64?: string | undefined;
  /** `STREAM_SOURCE` when the data follows on another way. */
  readonly source?: string | undefined;
}

/** One message of a conversation. */
export interface Message {
  readonly role: MessageRole;
  readonly content: string;
  /** `"text"` unless the sender says otherwise. */
  readonly format: string;
  readonly turnId?: string | undefined;
  readonly binaryData?: readonly BinaryData[] | undefined;
}

/** A personal datum that was replaced in the messages, and by what. */
export interface AnonymizationEntity {
  readonly type: string;
  readonly value: string;
  readonly replacement: string;
}

/** A key and its value, as contexts and profiles carry them. */
export interface ContextEntry {
  readonly key: string;
  readonly value: string;
}

/** One turn of a conversation as an agent receives it; the last message is the one to answer. */
export interface AgentRequest {
  readonly messages: readonly Message[];
  readonly conversationContext: {
    readonly conversationId: string;
    /** The Java runtime sends none: the agent then invents one. */
    readonly turnId?: string | undefined;
    readonly anonymizationEntities?: readonly AnonymizationEntity[] | undefined;
  };
  readonly systemContext: readonly ContextEntry[];
  readonly userContext: {
    readonly userId?: string | undefined;
    readonly userToken?: string | undefined;
    readonly profile: readonly ContextEntry[];
  };
}

const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const binaryDataSchema = z.object({ mimeType: z.string(), dataAsBase64: optionalText, source: optionalText });

/** The data of a message; null when there is none. */
export const binaryDataListSchema = z
  .array(binaryDataSchema)
  .nullish()
  .transform((value) => value ?? undefined);

/** How the text of a message is to be read: `text` when it isn't said. */
export const formatSchema = z
  .string()
  .nullish()
  .transform((value) => value ?? "text");

/** Reads a list of replaced data; null when there is none. */
export const anonymizationEntitiesSchema = z
  .array(z.object({ type: z.string(), value: z.string(), replacement: z.string() }))
  .nullish()
  .transform((value) => value ?? undefined);

/** Reads keys and values; a missing list is an empty one. */
export const contextEntriesSchema = z
  .array(z.object({ key: z.string(), value: z.string() }))
  .nullish()
  .transform((value) => value ?? []);

const messageSchema = z.object({
  role: z.enum(["user", "assistant"]),
  content: z.string(),
  format: formatSchema,
  turnId: optionalText,
  binaryData: binaryDataListSchema,
});

const userContextSchema = z.object({
  userId: optionalText,
  userToken: optionalText,
  profile: contextEntriesSchema,
});

/** Reads an {@link AgentRequest} leniently: nulls, missing optional fields and unknown fields are accepted. */
export const agentRequestSchema: z.ZodType<AgentRequest> = z.object({
  messages: z.array(messageSchema),
  conversationContext: z.object({
    conversationId: z.string(),
    turnId: optionalText,
    anonymizationEntities: anonymizationEntitiesSchema,
  }),
  systemContext: contextEntriesSchema,
  userContext: userContextSchema.nullish().transform((value) => value ?? { profile: [] }),
});

/** The value of the `request` variable: every field of ARC's input types, absent ones as null. */
export function writeAgentRequest(request: AgentRequest): Readonly<Record<string, unknown>> {
  const { conversationContext, userContext } = request;
  return {
    messages: request.messages.map(writeMessage),
    conversationContext: {
      conversationId: conversationContext.conversationId,
      turnId: conversationContext.turnId ?? null,
      anonymizationEntities: conversationContext.anonymizationEntities ?? null,
    },
    systemContext: request.systemContext,
    userContext: {
      userId: userContext.userId ?? null,
      userToken: userContext.userToken ?? null,
      profile: userContext.profile,
    },
  };
}

/** The first value under `key` in a list of entries. */
export function contextValue(entries: readonly ContextEntry[], key: string): string | undefined {
  return entries.find((entry) => entry.key === key)?.value;
}

/** True when the caller wants deltas, see {@link streamingContextKey}. */
export function asksForStreaming(request: AgentRequest): boolean {
  return contextValue(request.systemContext, streamingContextKey) === "true";
}

function writeMessage(message: Message): Readonly<Record<string, unknown>> {
  return {
    role: message.role,
    content: message.content,
    format: message.format,
    turnId: message.turnId ?? null,
    binaryData:
      message.binaryData?.map((data) => ({
        mimeType: data.mimeType,
        dataAsBase64: data.dataAsBase64 ?? null,
        source: data.source ?? null,
      })) ?? null,
  };
}
