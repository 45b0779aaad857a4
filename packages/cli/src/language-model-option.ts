/** `--llm-base-url` and what belongs to it: the language model that helps to route. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { errorMessage } from "@lmos/primitives";
import { type ChatModel, createOpenAiChatModel } from "@lmos/router";
import type { Command } from "commander";
import type { CommandContext } from "./context.ts";
import { CliError } from "./errors.ts";
import { isHttpUrl, parseHttpUrl } from "./http-url.ts";

/** The options, as commander gives them. */
export interface LanguageModelOptions {
  readonly llmBaseUrl?: string;
  readonly llmModel?: string;
  readonly llmApiKeyFile?: string;
}

/** Adds the options. */
export function withLanguageModelOptions(command: Command): Command {
  return command
    .option(
      "--llm-base-url <url>",
      "OpenAI-compatible API of a language model for doubtful messages, such as http://localhost:11434/v1 (else LMOS_LLM_BASE_URL)",
      parseHttpUrl,
    )
    .option("--llm-model <name>", "name of that model (else LMOS_LLM_MODEL)")
    .option("--llm-api-key-file <file>", "file with the key of that API (else LMOS_LLM_API_KEY)");
}

/**
 * The model that the options or the environment name; undefined where there is none.
 *
 * @throws CliError `Usage` for an address without a model, a model without an address, or a key that cannot be read.
 */
export async function languageModelOf(
  options: LanguageModelOptions,
  { environment }: Pick<CommandContext, "environment">,
): Promise<ChatModel | undefined> {
  const { variables } = environment;
  const baseUrl = options.llmBaseUrl ?? variables["LMOS_LLM_BASE_URL"];
  const model = options.llmModel ?? variables["LMOS_LLM_MODEL"];
  if (baseUrl === undefined || baseUrl === "") {
    if (options.llmModel === undefined) return undefined;
    throw new CliError("Usage", `--llm-model ${options.llmModel} has no address: give --llm-base-url`);
  }
  if (!isHttpUrl(baseUrl)) {
    throw new CliError("Usage", `LMOS_LLM_BASE_URL ${baseUrl} does not start with http:// or https://`);
  }
  if (model === undefined || model === "") {
    throw new CliError("Usage", `the language model at ${baseUrl} has no name: give --llm-model`);
  }
  return createOpenAiChatModel({ baseUrl, model, apiKey: await apiKeyOf(options, environment) });
}

async function apiKeyOf(
  { llmApiKeyFile }: LanguageModelOptions,
  { variables, workingDirectory }: CommandContext["environment"],
): Promise<string | undefined> {
  if (llmApiKeyFile === undefined) return variables["LMOS_LLM_API_KEY"];
  try {
    return (await readFile(resolve(workingDirectory, llmApiKeyFile), "utf8")).trim();
  } catch (error) {
    throw new CliError("Usage", `--llm-api-key-file ${llmApiKeyFile} cannot be read: ${errorMessage(error)}`);
  }
}
