/** `lmos route`: which agent would take a message, without calling any. */
import { resolve } from "node:path";
import {
  buildRouterIndex,
  type Classifier,
  createClassifier,
  type RoutingDecision,
  type RoutingMode,
} from "@lmos/router";
import { Command, Option } from "commander";
import { type AgentOptions, agentsToAsk, withAgentOptions } from "../agents-to-ask.ts";
import type { CommandContext } from "../context.ts";
import { type EmbeddingOptions, loadEmbedding, withEmbeddingOptions } from "../embedding-option.ts";
import { CliError } from "../errors.ts";
import {
  type LanguageModelOptions,
  languageModelOf,
  withLanguageModelOptions,
} from "../language-model-option.ts";
import { readLines } from "../lines.ts";
import { renderStructured } from "../output/structured.ts";
import { renderTable } from "../output/table.ts";

interface RouteOptions extends AgentOptions, EmbeddingOptions, LanguageModelOptions {
  readonly mode?: RoutingMode;
  readonly input?: string;
  readonly output: "table" | "json" | "yaml" | "ndjson";
}

/** One routed message, as it is written for programs. Members are null where nothing was accepted. */
interface RoutedMessage {
  readonly message: string;
  readonly decision: RoutingDecision["decision"];
  readonly agent: string | null;
  readonly capability: string | null;
  readonly confidence: number;
  readonly alternatives: RoutingDecision["alternatives"];
}

/** The command `route`. */
export function routeCommand(context: CommandContext): Command {
  const command = new Command("route")
    .argument("[text]", "the message (or --input)")
    .option("--input <file>", "file with one message a line; - is standard input")
    .addOption(
      new Option("-o, --output <format>", "format")
        .choices(["table", "json", "yaml", "ndjson"])
        .default("table"),
    )
    .addHelpText(
      "after",
      '\nExamples:\n  lmos route "where is my parcel?" --tenant acme --channel web\n  lmos route --catalogue agents.json --input messages.txt -o ndjson\n\nA catalogue: [{"id", "description", "capabilities": [{"id", "description", "examples": ["…"]}]}]',
    );
  command.addOption(
    new Option("--mode <mode>", "who decides (hybrid where there is a language model, else vector)").choices([
      "vector",
      "llm",
      "hybrid",
    ]),
  );
  return withAgentOptions(withEmbeddingOptions(withLanguageModelOptions(command))).action(
    (text: string | undefined, options: RouteOptions) => route(text, options, context),
  );
}

async function route(
  text: string | undefined,
  options: RouteOptions,
  context: CommandContext,
): Promise<void> {
  if ((text === undefined) === (options.input === undefined)) {
    throw new CliError("Usage", "give either a text or --input FILE");
  }
  const classifier = await classifierOf(options, context);
  const messages = text === undefined ? readLines(inputPath(options, context), context) : [text];
  if (options.output === "json" || options.output === "yaml") {
    const routed = await Array.fromAsync(routeAll(messages, classifier, context.signal));
    return context.terminal.print(renderStructured(options.output, text === undefined ? routed : routed[0]));
  }
  for await (const routed of routeAll(messages, classifier, context.signal)) {
    if (options.output === "ndjson") context.terminal.print(JSON.stringify(routed));
    else printTable(routed, context);
  }
}

function inputPath({ input }: RouteOptions, { environment }: CommandContext): string {
  return input === undefined || input === "-" ? "-" : resolve(environment.workingDirectory, input);
}

async function classifierOf(options: RouteOptions, context: CommandContext): Promise<Classifier> {
  const { clock, random, signal } = context;
  const model = await languageModelOf(options, context);
  if (model === undefined && (options.mode === "llm" || options.mode === "hybrid")) {
    throw new CliError(
      "Usage",
      `--mode ${options.mode} needs a language model: give --llm-base-url and --llm-model`,
    );
  }
  const embedding = await loadEmbedding(options, context);
  const index = await buildRouterIndex(await agentsToAsk(options, context), { embedding, signal });
  return createClassifier({
    ...{ index, embedding },
    mode: options.mode,
    languageModel: model === undefined ? undefined : { model, clock, random },
  });
}

async function* routeAll(
  messages: Iterable<string> | AsyncIterable<string>,
  classifier: Classifier,
  signal: AbortSignal,
): AsyncGenerator<RoutedMessage> {
  for await (const message of messages) {
    const decision = await classifier.classify({ message, history: [] }, { signal });
    const accepted = decision.decision === "accept" ? decision : undefined;
    yield {
      message,
      decision: decision.decision,
      agent: accepted?.agent ?? null,
      capability: accepted?.capability ?? null,
      confidence: decision.confidence,
      alternatives: decision.alternatives,
    };
  }
}

function printTable({ message, decision, alternatives }: RoutedMessage, { terminal }: CommandContext): void {
  terminal.print(`${terminal.paint("bold", decision)}   ${message}`);
  const columns = [
    { title: "AGENT", cell: ({ agent }: RoutingDecision["alternatives"][number]) => agent },
    { title: "CAPABILITY", cell: ({ capability }: RoutingDecision["alternatives"][number]) => capability },
    {
      title: "CONFIDENCE",
      cell: ({ confidence }: RoutingDecision["alternatives"][number]) => confidence.toFixed(3),
    },
  ];
  for (const line of renderTable(columns, alternatives, { headers: true, wide: false }))
    terminal.print(`  ${line}`);
}
