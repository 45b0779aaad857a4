import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CommandContext } from "./context.ts";
import { languageModelOf } from "./language-model-option.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llm-"));
  await writeFile(join(folder, "key"), "secret\n");
});
afterAll(() => rm(folder, { recursive: true }));

const url = "http://localhost:11434/v1";

function environment(variables: Readonly<Record<string, string>>): Pick<CommandContext, "environment"> {
  const environment: Partial<CommandContext["environment"]> = { variables, workingDirectory: folder };
  return { environment: environment as CommandContext["environment"] };
}

it.each([
  { name: "nothing", options: {}, variables: {}, id: undefined },
  { name: "an empty variable", options: {}, variables: { LMOS_LLM_BASE_URL: "" }, id: undefined },
  { name: "options", options: { llmBaseUrl: url, llmModel: "m" }, variables: {}, id: `openai:${url}:m` },
  {
    name: "variables",
    options: {},
    variables: { LMOS_LLM_BASE_URL: url, LMOS_LLM_MODEL: "m" },
    id: `openai:${url}:m`,
  },
  {
    name: "options before variables",
    options: { llmModel: "other", llmApiKeyFile: "key" },
    variables: { LMOS_LLM_BASE_URL: url, LMOS_LLM_MODEL: "m" },
    id: `openai:${url}:other`,
  },
])("takes the model from $name", async ({ options, variables, id }) => {
  expect((await languageModelOf(options, environment(variables)))?.id).toBe(id);
});

it.each([
  {
    name: "a model without an address",
    options: { llmModel: "m" },
    variables: {},
    says: "give --llm-base-url",
  },
  {
    name: "an address without a model",
    options: { llmBaseUrl: url },
    variables: {},
    says: "give --llm-model",
  },
  {
    name: "an address of another kind",
    options: { llmModel: "m" },
    variables: { LMOS_LLM_BASE_URL: "localhost:11434" },
    says: "http://",
  },
  {
    name: "a file that is not there",
    options: { llmBaseUrl: url, llmModel: "m", llmApiKeyFile: "nothing" },
    variables: {},
    says: "nothing cannot be read",
  },
])("refuses $name and says what helps", async ({ options, variables, says }) => {
  await expect(languageModelOf(options, environment(variables))).rejects.toThrow(says);
});
