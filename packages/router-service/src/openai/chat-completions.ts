/** The part of OpenAI's chat completions that classifiers use. */
import { z } from "zod";

const maxContentLength = 262_144;
const contentSchema = z.union([
  z.string().max(maxContentLength),
  z
    .array(z.object({ type: z.literal("text"), text: z.string().max(maxContentLength) }))
    .max(100)
    .transform((parts) => parts.map(({ text }) => text).join("\n")),
]);

/** A request; unknown members are ignored. */
export const chatCompletionRequestSchema = z.object({
  model: z.string().max(253).default("lmos-router"),
  messages: z
    .array(z.object({ role: z.enum(["system", "developer", "user", "assistant"]), content: contentSchema }))
    .min(1)
    .max(500),
  stream: z.literal(false, "streams are not offered: send false, or leave it out").nullish(),
  response_format: z.object({ json_schema: z.object({ name: z.string() }).optional() }).nullish(),
});

/** A request that was read. */
export type ChatCompletionRequest = z.infer<typeof chatCompletionRequestSchema>;

/** The conversation in it. */
export interface Conversation {
  /** All system messages, joined. */
  readonly instructions: string;
  /** What the user said last. */
  readonly message: string;
  readonly history: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
}

/** The messages by what they are; undefined where no user said anything. */
export function conversationOf({ messages }: ChatCompletionRequest): Conversation | undefined {
  const instructions = messages
    .filter(({ role }) => role === "system" || role === "developer")
    .map(({ content }) => content)
    .join("\n\n");
  const said = messages.flatMap(({ role, content }) =>
    role === "user" || role === "assistant" ? [{ role, content }] : [],
  );
  const last = said.findLastIndex(({ role }) => role === "user");
  const message = said[last]?.content;
  return message === undefined ? undefined : { instructions, message, history: said.slice(0, last) };
}

/** An answer with one text. */
export function chatCompletionOf(
  content: string,
  { id, model, createdMs }: { readonly id: string; readonly model: string; readonly createdMs: number },
): unknown {
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: Math.floor(createdMs / 1000),
    model,
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  };
}
