/** A chat model behind an API of OpenAI's shape: Ollama, vLLM, llama.cpp, or a provider. */
import { errorMessage, isRecord } from "@lmos/primitives";
import { RouterError } from "../errors.ts";
import { type AnswerFormat, choiceFormat, planFormat, questionText } from "./answer-format.ts";
import type { ChatModel, ChoiceRequest, ModelCallOptions } from "./chat-model.ts";
import { reportedUsage, type TokenUsage } from "./token-usage.ts";

/** Where the model is. */
export interface OpenAiChatModelOptions {
  /** Such as `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
}

/** An answer is one id, perhaps with a question, or a plan: whatever is longer is cut off, unread. */
const maxResponseBytes = 64 * 1024;

/** Its calls reject with RouterError `ModelUnavailable`, or with the signal's reason. It never retries. */
export function createOpenAiChatModel({ baseUrl, model, apiKey }: OpenAiChatModelOptions): ChatModel {
  const url = `${baseUrl.replace(/\/+$/, "")}/chat/completions`;
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const complete = async (
    request: Pick<ChoiceRequest, "system" | "candidates" | "message">,
    answer: AnswerFormat,
    { signal, onUsage }: ModelCallOptions,
  ): Promise<string> => {
    try {
      const response = await fetch(url, {
        method: "POST",
        redirect: "error",
        headers: { "content-type": "application/json", ...authorization },
        body: JSON.stringify(completionBody(model, request, answer)),
        signal,
      });
      const body = await readJson(response);
      const usage = usageOf(body);
      if (usage !== undefined) onUsage(usage);
      return contentOf(body);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof RouterError) throw error;
      throw unavailable(errorMessage(error), error);
    }
  };
  return {
    id: `openai:${baseUrl}:${model}`,
    choose: (request, call) => complete(request, choiceFormat(request), call),
    divide: (request, call) => complete(request, planFormat(request), call),
  };
}

function completionBody(
  model: string,
  { system, candidates, message }: Pick<ChoiceRequest, "system" | "candidates" | "message">,
  { name, maxTokens: max_tokens, schema }: AnswerFormat,
) {
  return {
    model,
    temperature: 0,
    max_tokens,
    messages: [
      { role: "system", content: system },
      { role: "user", content: questionText({ candidates, message }) },
    ],
    response_format: { type: "json_schema", json_schema: { name, strict: true, schema } },
  };
}

async function readJson(response: Response): Promise<unknown> {
  if (!response.ok) {
    await response.body?.cancel();
    throw unavailable(`it answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxResponseBytes) throw unavailable("its answer is too long");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function usageOf(body: unknown): TokenUsage | undefined {
  const usage = isRecord(body) ? body["usage"] : undefined;
  return isRecord(usage) ? reportedUsage(usage["prompt_tokens"], usage["completion_tokens"]) : undefined;
}

/**
 * A refusal has no text, and is an answer all the same: whoever asked judges it. Taken for an outage, three refusals that one
 * user provokes would take the model from all others.
 */
function contentOf(body: unknown): string {
  const choices = isRecord(body) ? body["choices"] : undefined;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = isRecord(first) ? first["message"] : undefined;
  if (!isRecord(message)) throw unavailable("its answer has no message");
  return typeof message["content"] === "string" ? message["content"] : "";
}

function unavailable(reason: string, cause?: unknown): RouterError {
  return new RouterError("ModelUnavailable", `the language model gives no answer: ${reason}`, { cause });
}
