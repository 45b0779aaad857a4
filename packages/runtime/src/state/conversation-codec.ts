/** Conversations as text, the same in all stores that keep text. */
import { z } from "zod";
import type { RememberedConversation } from "../conversation/conversation-memory.ts";

const alternativeSchema = z.object({ agent: z.string(), capability: z.string(), confidence: z.number() });

const conversationSchema = z.object({
  subset: z.string(),
  rollout: z.string().optional(),
  messages: z.array(
    z.object({ role: z.enum(["user", "assistant"]), content: z.string(), agent: z.string().optional() }),
  ),
  at: z.number().optional(),
  handedOver: z.boolean().optional(),
  question: z.object({ text: z.string(), choices: z.array(alternativeSchema) }).optional(),
});

/** A conversation as JSON. */
export function writeConversation(conversation: RememberedConversation): string {
  const { subset, rollout, messages, at, handedOver, question } = conversation;
  return JSON.stringify({ subset, rollout, messages, at, handedOver, question });
}

/** Reads it; undefined when the text is none: whatever wrote it, the conversation begins anew. */
export function readConversation(text: string): RememberedConversation | undefined {
  const read = conversationSchema.safeParse(parseJson(text));
  return read.success ? read.data : undefined;
}

/** Reads JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
