/**
 * A chat model of the AI SDK: any of its providers. `ai` is an optional peer, loaded with the first question, so that
 * those who ask no model, or ask one of OpenAI's shape, do without.
 */
import { errorMessage } from "@lmos/primitives";
import type { LanguageModel, LanguageModelUsage } from "ai";
import { RouterError } from "../errors.ts";
import { type AnswerFormat, choiceFormat, planFormat, questionText } from "./answer-format.ts";
import type { ChatModel, ChoiceRequest, ModelCallOptions } from "./chat-model.ts";
import { reportedUsage } from "./token-usage.ts";

type AiSdk = typeof import("ai");

/**
 * A {@link ChatModel} from a model of the AI SDK, such as `openai("gpt-5-mini")` of `@ai-sdk/openai`. Its calls reject with
 * RouterError `ModelUnavailable`, also where `ai` is not installed, or with the signal's reason. It never retries: the
 * vectors' answer is there already.
 */
export function createAiSdkChatModel(model: LanguageModel): ChatModel {
  const id = typeof model === "string" ? model : `${model.provider}/${model.modelId}`;
  return {
    id: `ai-sdk:${id}`,
    choose: (request, call) => complete(model, request, { ...call, format: choiceFormat(request) }),
    divide: (request, call) => complete(model, request, { ...call, format: planFormat(request) }),
  };
}

interface Completion extends ModelCallOptions {
  readonly format: AnswerFormat;
}

async function complete(
  model: LanguageModel,
  request: Pick<ChoiceRequest, "system" | "candidates" | "message">,
  { format, signal, onUsage }: Completion,
): Promise<string> {
  const sdk = await loadAiSdk();
  try {
    const { text, usage } = await sdk.generateText({
      model,
      instructions: request.system,
      prompt: questionText(request),
      output: sdk.Output.object({ name: format.name, schema: sdk.jsonSchema({ ...format.schema }) }),
      temperature: 0,
      maxOutputTokens: format.maxTokens,
      maxRetries: 0,
      abortSignal: signal,
    });
    report(usage, onUsage);
    return text;
  } catch (error) {
    signal.throwIfAborted();
    // Prose instead of JSON is an answer, too: whoever asked judges it.
    if (sdk.NoObjectGeneratedError.isInstance(error)) {
      report(error.usage, onUsage);
      if (error.text !== undefined) return error.text;
    }
    throw unavailable(errorMessage(error), error);
  }
}

function report(usage: LanguageModelUsage | undefined, onUsage: ModelCallOptions["onUsage"]): void {
  const reported = reportedUsage(usage?.inputTokens, usage?.outputTokens);
  if (reported !== undefined) onUsage(reported);
}

async function loadAiSdk(): Promise<AiSdk> {
  try {
    return await import("ai");
  } catch (error) {
    const remedy = 'install it: "npm install ai" and a provider such as "@ai-sdk/openai"';
    throw unavailable(`the package "ai" can't be loaded; ${remedy}`, error);
  }
}

function unavailable(reason: string, cause: unknown): RouterError {
  return new RouterError("ModelUnavailable", `the language model gives no answer: ${reason}`, { cause });
}
