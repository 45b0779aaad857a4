// ChatModel over the AI SDK: any of its providers serves. `ai` is an optional peer, loaded when the first turn
// needs it, so that agents with code of their own do without.
import { errorMessage } from "@lmos/primitives";
import type { LanguageModel, ModelMessage, ToolSet } from "ai";
import type { ChatEvent, ChatMessage, ChatModel, ChatRequest } from "./chat-model.ts";
import { AgentError } from "./errors.ts";

type AiSdk = typeof import("ai");

/**
 * A {@link ChatModel} from a model of the AI SDK, such as `openai("gpt-5")` of `@ai-sdk/openai`.
 * Its rounds throw an {@link AgentError} `ModelUnavailable` when `ai` isn't installed, `ModelFailed` when the model fails.
 */
export function aiSdkModel(model: LanguageModel): ChatModel {
  return {
    id: typeof model === "string" ? model : `${model.provider}/${model.modelId}`,
    chat: (request, options) => chat(model, request, options),
  };
}

async function* chat(
  model: LanguageModel,
  request: ChatRequest,
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<ChatEvent> {
  const sdk = await loadAiSdk();
  const { fullStream } = sdk.streamText({
    model,
    instructions: request.instructions,
    messages: request.messages.map(toModelMessage),
    tools: toToolSet(sdk, request),
    abortSignal: signal,
    onError: () => undefined, // errors come as parts of the stream
  });
  for await (const part of fullStream) {
    if (part.type === "text-delta") yield { kind: "text", text: part.text };
    if (part.type === "tool-call") {
      yield { kind: "tool-call", call: { id: part.toolCallId, name: part.toolName, input: part.input } };
    }
    if (part.type === "error") throw modelFailed(part.error);
    if (part.type === "abort") signal.throwIfAborted();
  }
}

async function loadAiSdk(): Promise<AiSdk> {
  try {
    return await import("ai");
  } catch (error) {
    const remedy = 'install it beside your agent: "npm install ai" and a provider such as "@ai-sdk/openai"';
    throw new AgentError("ModelUnavailable", `package "ai" can't be loaded; ${remedy}`, { cause: error });
  }
}

/** Tools without `execute`: the SDK then hands the calls to us. */
function toToolSet(sdk: AiSdk, request: ChatRequest): ToolSet {
  return Object.fromEntries(
    request.tools.map(({ name, description, inputSchema }) => [
      name,
      sdk.tool({ description, inputSchema: sdk.jsonSchema({ ...inputSchema }) }),
    ]),
  );
}

function toModelMessage(message: ChatMessage): ModelMessage {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.content };
    case "assistant":
      return { role: "assistant", content: assistantParts(message) };
    case "tool": {
      const { id, name } = message.call;
      const output = { type: "text", value: message.content } as const;
      return { role: "tool", content: [{ type: "tool-result", toolCallId: id, toolName: name, output }] };
    }
    default:
      return message satisfies never;
  }
}

function assistantParts(message: Extract<ChatMessage, { role: "assistant" }>) {
  const calls = message.toolCalls.map(
    ({ id, name, input }) => ({ type: "tool-call", toolCallId: id, toolName: name, input }) as const,
  );
  return message.content === "" ? calls : [{ type: "text", text: message.content } as const, ...calls];
}

function modelFailed(cause: unknown): AgentError {
  return new AgentError("ModelFailed", `model failed: ${errorMessage(cause)}`, { cause });
}
