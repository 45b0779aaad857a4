/** Routes labelled messages through a classifier over the agents that a command names, telling how far it is. */
import { resolve } from "node:path";
import {
  buildRouterIndex,
  classifyLabelled,
  createVectorClassifier,
  type JudgedMessage,
  type RouterIndex,
} from "@lmos/router";
import type { Command } from "commander";
import { type AgentOptions, agentsToAsk, withAgentOptions } from "./agents-to-ask.ts";
import type { CommandContext } from "./context.ts";
import { type EmbeddingOptions, loadEmbedding, withEmbeddingOptions } from "./embedding-option.ts";
import { readLabelled } from "./labelled-file.ts";
import { progressBar } from "./output/progress-bar.ts";

/** Options of the commands that need labelled messages. */
export interface LabelledOptions extends AgentOptions, EmbeddingOptions {
  readonly labelled: string;
}

/** Messages between two lines of progress. */
const progressEvery = 500;

/** Adds `--labelled` and the options that name agents. */
export function withLabelledOptions(command: Command): Command {
  return withAgentOptions(
    withEmbeddingOptions(command).requiredOption(
      "--labelled <file>",
      "JSON list, NDJSON or CSV of text, agent, capability; without an agent a message belongs to none",
    ),
  );
}

/** What became of every message, and the index that it was asked of. */
export async function judgeLabelled(
  options: LabelledOptions,
  context: CommandContext,
  thresholds: { readonly energy?: number | undefined; readonly margin?: number | undefined } = {},
): Promise<{ readonly messages: readonly JudgedMessage[]; readonly index: RouterIndex }> {
  const { terminal, signal, environment } = context;
  const labelled = await readLabelled(resolve(environment.workingDirectory, options.labelled));
  const embedding = await loadEmbedding(options, context);
  const index = await buildRouterIndex(await agentsToAsk(options, context), { embedding, signal });
  const { energy = index.head.thresholds.energy, margin = index.head.thresholds.margin } = thresholds;
  const classifier = createVectorClassifier({ index, embedding, thresholds: { energy, margin } });
  const messages: JudgedMessage[] = [];
  for await (const judged of classifyLabelled(labelled, classifier, { signal })) {
    messages.push(judged);
    if (messages.length % progressEvery === 0)
      terminal.hint(terminal.paint("dim", `routed ${progressBar(messages.length, labelled.length)}`));
  }
  return { messages, index };
}
