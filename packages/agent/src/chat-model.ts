// The port to language models: one round of a chat, streamed. The SDK runs the tool loop itself, so an adapter
// only translates messages.
import type { JsonObject } from "@lmos/primitives";

/** A tool that the model wants called. */
export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** A message as a model sees it. */
export type ChatMessage =
  | { readonly role: "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls: readonly ModelToolCall[] }
  | { readonly role: "tool"; readonly call: ModelToolCall; readonly content: string };

/** One round. */
export interface ChatRequest {
  readonly instructions: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly inputSchema: JsonObject;
  }[];
}

/** What a model says in a round: pieces of text, and tools that it wants called before it goes on. */
export type ChatEvent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool-call"; readonly call: ModelToolCall };

/** A language model. */
export interface ChatModel {
  /** For logs. */
  readonly id: string;
  /** Runs one round. Throws when the model fails, and with the signal's reason when aborted. */
  chat(request: ChatRequest, options: { readonly signal: AbortSignal }): AsyncIterable<ChatEvent>;
}
